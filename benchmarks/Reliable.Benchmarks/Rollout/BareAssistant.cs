using Reliable.Benchmarks.Wrapper;

namespace Reliable.Benchmarks.Rollout;

/// <summary>The call as it was before Reliable.</summary>
public sealed class BareAssistant(Model model)
{
    public Task<string> AskAsync(string userId, string question, CancellationToken cancellationToken = default) => model.AskAsync();

    public ValueTask<string> AskValueAsync(string userId, string question, CancellationToken cancellationToken = default) => model.AskValueAsync();
}
