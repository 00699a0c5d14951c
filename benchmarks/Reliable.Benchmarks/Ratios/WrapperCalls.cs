using Reliable.Benchmarks.Wrapper;
using static Reliable.Benchmarks.Wrapper.WrapperContenders;

namespace Reliable.Benchmarks.Ratios;

internal readonly struct HandWrittenCall : IWrapperCall
{
    public static string Name => "hand-written async wrapper";

    public static Task<string> CallAsync(WrapperContenders contenders) => contenders.HandWritten.AskAsync(UserId, Question, CancellationToken.None);

    public static ValueTask<string> CallValueAsync(WrapperContenders contenders) => contenders.HandWritten.AskValueAsync(UserId, Question, CancellationToken.None);
}

internal readonly struct BareCall : IWrapperCall
{
    public static string Name => "the steps in a row, no wrapper";

    public static Task<string> CallAsync(WrapperContenders contenders) => contenders.Steps.AskAsync(UserId);

    public static ValueTask<string> CallValueAsync(WrapperContenders contenders) => contenders.Steps.AskValueAsync(UserId);
}

internal readonly struct GeneratedCall : IWrapperCall
{
    public static string Name => "generated wrapper";

    public static Task<string> CallAsync(WrapperContenders contenders) => contenders.Generated.AskAsync(UserId, Question, CancellationToken.None);

    public static ValueTask<string> CallValueAsync(WrapperContenders contenders) => contenders.Generated.AskValueAsync(UserId, Question, CancellationToken.None);
}

internal readonly struct DecoratedCall : IWrapperCall
{
    public static string Name => "generated decorator";

    public static Task<string> CallAsync(WrapperContenders contenders) => contenders.Decorated.AskAsync(UserId, Question, CancellationToken.None);

    public static ValueTask<string> CallValueAsync(WrapperContenders contenders) => contenders.Decorated.AskValueAsync(UserId, Question, CancellationToken.None);
}

internal readonly struct PollyByLongCall : IWrapperCall
{
    public static string Name => "Polly and ConcurrentDictionary<long, …>";

    public static Task<string> CallAsync(WrapperContenders contenders) => contenders.PollyByLong.AskAsync(UserId, Question, CancellationToken.None);

    public static ValueTask<string> CallValueAsync(WrapperContenders contenders) => contenders.PollyByLong.AskValueAsync(UserId, Question, CancellationToken.None);
}

internal readonly struct PollyCall : IWrapperCall
{
    public static string Name => "Polly and ConcurrentDictionary<Guid, …>";

    public static Task<string> CallAsync(WrapperContenders contenders) => contenders.Polly.AskAsync(UserId, Question, CancellationToken.None);

    public static ValueTask<string> CallValueAsync(WrapperContenders contenders) => contenders.Polly.AskValueAsync(UserId, Question, CancellationToken.None);
}

internal readonly struct CastleCall : IWrapperCall
{
    public static string Name => "the same, Castle proxy";

    public static Task<string> CallAsync(WrapperContenders contenders) => contenders.Castle.AskAsync(UserId, Question, CancellationToken.None);

    public static ValueTask<string> CallValueAsync(WrapperContenders contenders) => contenders.Castle.AskValueAsync(UserId, Question, CancellationToken.None);
}

internal readonly struct DispatchProxyCall : IWrapperCall
{
    public static string Name => "the same, DispatchProxy";

    public static Task<string> CallAsync(WrapperContenders contenders) => contenders.DispatchProxy.AskAsync(UserId, Question, CancellationToken.None);

    public static ValueTask<string> CallValueAsync(WrapperContenders contenders) => contenders.DispatchProxy.AskValueAsync(UserId, Question, CancellationToken.None);
}
