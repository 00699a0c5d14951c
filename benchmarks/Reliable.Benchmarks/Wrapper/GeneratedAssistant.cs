namespace Reliable.Benchmarks.Wrapper;

/// <summary>What a user writes.</summary>
public sealed partial class GeneratedAssistant(Model model, ReliableRuntime reliable)
{
    [Retry(BackoffMs = [0]), ValidateResponse, UsageTransaction]
    public partial Task<string> AskAsync(string userId, string question, CancellationToken cancellationToken = default);

    [Retry(BackoffMs = [0]), ValidateResponse, UsageTransaction]
    public partial ValueTask<string> AskValueAsync(string userId, string question, CancellationToken cancellationToken = default);

    private Task<string> AskCoreAsync(string userId, string question, AttemptContext attempt, CancellationToken cancellationToken) => model.AskAsync();

    private ValueTask<string> AskValueCoreAsync(string userId, string question, AttemptContext attempt, CancellationToken cancellationToken)
        => model.AskValueAsync();
}
