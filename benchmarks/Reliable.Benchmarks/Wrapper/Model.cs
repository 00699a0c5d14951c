namespace Reliable.Benchmarks.Wrapper;

/// <summary>A model that always gives the same good answer.</summary>
public sealed class Model(InnerCall inner)
{
    private const string Answer = "Turn it off and on again, and wait for ten seconds before you do.";

    private readonly Task<string> _answer = Task.FromResult(Answer);

    public Task<string> AskAsync() => inner == InnerCall.Completed ? _answer : YieldAsync();

    public ValueTask<string> AskValueAsync() => inner == InnerCall.Completed ? new(Answer) : YieldValueAsync();

    private static async Task<string> YieldAsync()
    {
        await Task.Yield();
        return Answer;
    }

    private static async ValueTask<string> YieldValueAsync()
    {
        await Task.Yield();
        return Answer;
    }
}
