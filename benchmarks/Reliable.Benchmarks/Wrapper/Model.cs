namespace Reliable.Benchmarks.Wrapper;

/// <summary>A model that gives the same good answer, or none, as it is told.</summary>
public sealed class Model(InnerCall inner)
{
    private const string Answer = "Turn it off and on again, and wait for ten seconds before you do.";

    private readonly Task<string> _answer = Task.FromResult(Answer);
    private readonly Task<string> _nothing = Task.FromResult("");
    private bool _hasFailed;

    public Task<string> AskAsync()
        => inner == InnerCall.Completed ? _answer : inner == InnerCall.Yielding ? YieldAsync() : IsGood() ? _answer : _nothing;

    public ValueTask<string> AskValueAsync()
        => inner == InnerCall.Completed ? new(Answer) : inner == InnerCall.Yielding ? YieldValueAsync() : new(IsGood() ? Answer : "");

    private bool IsGood()
    {
        bool isGood = inner == InnerCall.FailingOnce && _hasFailed;
        _hasFailed = !isGood;
        return isGood;
    }

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
