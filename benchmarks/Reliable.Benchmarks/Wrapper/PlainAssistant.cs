namespace Reliable.Benchmarks.Wrapper;

/// <summary>Asks the model, and knows of nothing else.</summary>
public sealed class PlainAssistant(Model model) : IAssistant
{
    public Task<string> AskAsync(string userId, string question, CancellationToken cancellationToken) => model.AskAsync();

    public ValueTask<string> AskValueAsync(string userId, string question, CancellationToken cancellationToken) => model.AskValueAsync();
}
