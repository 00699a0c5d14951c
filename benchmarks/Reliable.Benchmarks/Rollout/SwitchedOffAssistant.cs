using Reliable.Benchmarks.Wrapper;

namespace Reliable.Benchmarks.Rollout;

/// <summary>Methods without a usage attribute: while Reliable is off, nothing of it is left but the wrapper.</summary>
public sealed partial class SwitchedOffAssistant(Model model, ReliableRuntime reliable)
{
    [Retry, ValidateResponse]
    public partial Task<string> AskAsync(string userId, string question, CancellationToken cancellationToken = default);

    [Retry, ValidateResponse]
    public partial ValueTask<string> AskValueAsync(string userId, string question, CancellationToken cancellationToken = default);

    private Task<string> AskCoreAsync(string userId, string question, CancellationToken cancellationToken) => model.AskAsync();

    private ValueTask<string> AskValueCoreAsync(string userId, string question, CancellationToken cancellationToken) => model.AskValueAsync();
}
