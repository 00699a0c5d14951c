using BenchmarkDotNet.Attributes;

namespace Reliable.Benchmarks.Wrapper;

/// <summary>What the wrapper adds to a method that returns <see cref="ValueTask{TResult}"/>, counters in memory.</summary>
[MemoryDiagnoser]
public class ValueTaskWrapperBenchmarks
{
    private WrapperContenders _contenders = null!;

    [ParamsAllValues]
    public InnerCall Inner { get; set; }

    [GlobalSetup]
    public void SetUp() => _contenders = new WrapperContenders(Inner);

    [GlobalCleanup]
    public void CleanUp() => _contenders.Dispose();

    [Benchmark(Description = "direct call")]
    public ValueTask<string> Direct() => _contenders.Direct.AskValueAsync(WrapperContenders.UserId, WrapperContenders.Question, CancellationToken.None);

    [Benchmark(Baseline = true, Description = "hand-written async wrapper")]
    public ValueTask<string> HandWritten() => End(_contenders.HandWritten.AskValueAsync(WrapperContenders.UserId, WrapperContenders.Question, CancellationToken.None));

    [Benchmark(Description = "generated wrapper")]
    public ValueTask<string> Generated() => End(_contenders.Generated.AskValueAsync(WrapperContenders.UserId, WrapperContenders.Question, CancellationToken.None));

    [Benchmark(Description = "generated decorator")]
    public ValueTask<string> Decorated() => End(_contenders.Decorated.AskValueAsync(WrapperContenders.UserId, WrapperContenders.Question, CancellationToken.None));

    [Benchmark(Description = "Polly and ConcurrentDictionary<long, …>")]
    public ValueTask<string> PollyByLong() => End(_contenders.PollyByLong.AskValueAsync(WrapperContenders.UserId, WrapperContenders.Question, CancellationToken.None));

    [Benchmark(Description = "Polly and ConcurrentDictionary<Guid, …>")]
    public ValueTask<string> Polly() => End(_contenders.Polly.AskValueAsync(WrapperContenders.UserId, WrapperContenders.Question, CancellationToken.None));

    [Benchmark(Description = "the same, Castle proxy")]
    public ValueTask<string> Castle() => End(_contenders.Castle.AskValueAsync(WrapperContenders.UserId, WrapperContenders.Question, CancellationToken.None));

    [Benchmark(Description = "the same, DispatchProxy")]
    public ValueTask<string> DispatchProxy() => End(_contenders.DispatchProxy.AskValueAsync(WrapperContenders.UserId, WrapperContenders.Question, CancellationToken.None));

    private ValueTask<string> End(ValueTask<string> call) => _contenders.IsFailing ? CatchAsync(call) : call;

    private static async ValueTask<string> CatchAsync(ValueTask<string> call)
    {
        try
        {
            return await call;
        }
        catch (Exception)
        {
            return "";
        }
    }
}
