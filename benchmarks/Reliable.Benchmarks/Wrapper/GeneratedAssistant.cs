namespace Reliable.Benchmarks.Wrapper;

/// <summary>What a user writes.</summary>
public sealed partial class GeneratedAssistant(Model model, ReliableRuntime reliable)
{
    [Retry, ValidateResponse, UsageTransaction]
    public partial Task<string> AskAsync(string userId, string question, CancellationToken cancellationToken = default);

    [Retry, ValidateResponse, UsageTransaction]
    public partial ValueTask<string> AskValueAsync(string userId, string question, CancellationToken cancellationToken = default);

    private Task<string> AskCoreAsync(string userId, string question, CancellationToken cancellationToken) => model.AskAsync();

    private ValueTask<string> AskValueCoreAsync(string userId, string question, CancellationToken cancellationToken) => model.AskValueAsync();
}
