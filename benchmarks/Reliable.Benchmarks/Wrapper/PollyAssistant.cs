namespace Reliable.Benchmarks.Wrapper;

/// <summary>A class that calls its model through <see cref="PollyCalls{TKey}"/>.</summary>
public sealed class PollyAssistant<TKey>(Model model, PollyCalls<TKey> calls) : IAssistant
    where TKey : notnull
{
    public Task<string> AskAsync(string userId, string question, CancellationToken cancellationToken)
        => calls.RunAsync(userId, model, static (m, _) => new ValueTask<string>(m.AskAsync()), cancellationToken);

    public ValueTask<string> AskValueAsync(string userId, string question, CancellationToken cancellationToken)
        => calls.RunValueAsync(userId, model, static (m, _) => m.AskValueAsync(), cancellationToken);
}
