using System.Collections.Concurrent;

namespace Reliable.Infrastructure;

/// <summary>A model call that does what the test wrote down, step by step; the last step is repeated.</summary>
internal sealed class ScriptedModel<T>
{
    private readonly List<Func<AttemptContext, CancellationToken, Task<T>>> _steps = [];
    private readonly ConcurrentQueue<AttemptContext> _seen = new();
    private int _calls;

    public IReadOnlyList<AttemptContext> Seen => [.. _seen];

    public int Calls => Volatile.Read(ref _calls);

    public ScriptedModel<T> Answers(params T[] answers)
    {
        foreach (T answer in answers)
        {
            _steps.Add((_, _) => Task.FromResult(answer));
        }

        return this;
    }

    /// <summary>Throws while the call is made, before there is a task.</summary>
    public ScriptedModel<T> Throws(Exception exception) => Does((_, _) => throw exception);

    /// <summary>Returns a task that has failed.</summary>
    public ScriptedModel<T> Fails(Exception exception) => Does((_, _) => Task.FromException<T>(exception));

    public ScriptedModel<T> Does(Func<AttemptContext, CancellationToken, Task<T>> step)
    {
        _steps.Add(step);
        return this;
    }

    public Task<T> CallAsync(AttemptContext attempt, CancellationToken cancellationToken)
    {
        _seen.Enqueue(attempt);
        int call = Interlocked.Increment(ref _calls) - 1;
        return _steps[Math.Min(call, _steps.Count - 1)](attempt, cancellationToken);
    }

    /// <summary>The same, after the caller has been given a task to wait for.</summary>
    public async Task<T> CallLaterAsync(FakeTimeProvider clock, AttemptContext attempt, CancellationToken cancellationToken)
    {
        await clock.Pause().ConfigureAwait(false);
        return await CallAsync(attempt, cancellationToken).ConfigureAwait(false);
    }
}
