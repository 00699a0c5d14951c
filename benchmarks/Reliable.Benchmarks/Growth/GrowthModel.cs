namespace Reliable.Benchmarks.Growth;

/// <summary>A model as it is met: most answers come at once, some after a while, some are empty, and now and then all of them are.</summary>
public sealed partial class GrowthModel(ReliableRuntime reliable)
{
    private const string Good = "Turn it off and on again, and wait for ten seconds before you do.";

    private static readonly Task<string> s_good = Task.FromResult(Good);
    private static readonly Task<string> s_empty = Task.FromResult("");

    /// <summary>Nothing but good answers at once: the plain cost of a call.</summary>
    [Retry(BackoffMs = [0]), ValidateResponse, UsageTransaction]
    public partial Task<string> AskAsync(string userId, CancellationToken cancellationToken = default);

    /// <summary>One answer of ten is waited for, one of a hundred is empty at first, and one of a thousand stays so.</summary>
    [Retry(BackoffMs = [0]), ValidateResponse, UsageTransaction]
    public partial Task<string> AskMixedAsync(string userId, int number, CancellationToken cancellationToken = default);

    private static Task<string> AskCoreAsync(string userId, CancellationToken cancellationToken) => s_good;

    private static Task<string> AskMixedCoreAsync(string userId, int number, AttemptContext attempt, CancellationToken cancellationToken)
        => number % 1_000 == 0 || (number % 100 == 1 && attempt.Number == 1) ? s_empty : number % 10 == 2 ? YieldAsync() : s_good;

    private static async Task<string> YieldAsync()
    {
        await Task.Yield();
        return Good;
    }
}
