using System.Runtime.CompilerServices;

namespace Reliable.Infrastructure;

/// <summary>
/// Model calls that stream what the test wrote down. Of one attempt: an update is yielded, a time is waited for, an exception is thrown, and the two silences never
/// end. Counts what was opened and what was disposed.
/// </summary>
internal sealed class StreamScript<T>(FakeTimeProvider clock)
{
    /// <summary>Says nothing until it is told to stop.</summary>
    public static readonly object Silence = new();

    /// <summary>Says nothing, and does not listen either.</summary>
    public static readonly object Deafness = new();

    private readonly List<object[]> _attempts = [];
    private readonly List<AttemptContext> _seen = [];
    private int _opened;
    private int _disposed;
    private int _produced;

    /// <summary>Whether each update comes after its reader was made to wait.</summary>
    public bool IsLater { get; init; }

    public Exception? DisposeFailure { get; init; }

    public IReadOnlyList<AttemptContext> Seen => _seen;

    public int Opened => Volatile.Read(ref _opened);

    public int Disposed => Volatile.Read(ref _disposed);

    /// <summary>How many updates the model has handed out.</summary>
    public int Produced => Volatile.Read(ref _produced);

    /// <summary>Ends every <see cref="Deafness"/>.</summary>
    public TaskCompletionSource Awakening { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Writes down one attempt; the last is repeated.</summary>
    public StreamScript<T> Then(params object[] steps)
    {
        _attempts.Add(steps);
        return this;
    }

    public IAsyncEnumerable<T> Call(AttemptContext attempt, CancellationToken cancellationToken)
    {
        lock (_seen)
        {
            _seen.Add(attempt);
            return PlayAsync(_attempts[Math.Min(_seen.Count, _attempts.Count) - 1], cancellationToken);
        }
    }

    private async IAsyncEnumerable<T> PlayAsync(object[] steps, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _opened);
        try
        {
            foreach (object step in steps)
            {
                if (IsLater)
                    await clock.Pause();

                if (ReferenceEquals(step, Silence))
                    await WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken);
                else if (ReferenceEquals(step, Deafness))
                    await Awakening.Task;
                else if (step is TimeSpan time)
                    await WaitAsync(time, cancellationToken);
                else if (step is Exception exception)
                    throw exception;
                else
                {
                    Interlocked.Increment(ref _produced);
                    yield return (T)step;
                }
            }
        }
        finally
        {
            Interlocked.Increment(ref _disposed);
            Fail();
        }
    }

    // Goes on where it is woken: on a thread of the pool, time could have moved on before.
    private async Task WaitAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        var wait = new TaskCompletionSource();
        await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), wait);
        await using ITimer timer = clock.CreateTimer(static state => ((TaskCompletionSource)state!).TrySetResult(), wait, time, Timeout.InfiniteTimeSpan);
        await wait.Task;
    }

    private void Fail()
    {
        if (DisposeFailure is not null)
            throw DisposeFailure;
    }
}
