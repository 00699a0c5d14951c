using System.Threading.Tasks.Sources;

namespace Reliable.Infrastructure;

/// <summary>A model's stream whose updates come when the test says so, on the thread and in the context in which it says so. It does not listen to tokens.</summary>
internal sealed class ArrivingStream<T>(T first) : IAsyncEnumerable<T>, IAsyncEnumerator<T>, IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _arrival;
    private bool _isOpen;
    private int _disposed;

    public T Current { get; private set; } = first;

    /// <summary>Whether the next update is there already: the same again.</summary>
    public bool HasNext { get; set; }

    public int Disposed => Volatile.Read(ref _disposed);

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

    public ValueTask<bool> MoveNextAsync()
    {
        if (!_isOpen)
        {
            _isOpen = true;
            return new(true);
        }

        if (HasNext)
        {
            HasNext = false;
            return new(true);
        }

        _arrival.Reset();
        return new(this, _arrival.Version);
    }

    public void Arrive(T update)
    {
        Current = update;
        _arrival.SetResult(true);
    }

    public void End() => _arrival.SetResult(false);

    public void Fail(Exception exception) => _arrival.SetException(exception);

    public ValueTask DisposeAsync()
    {
        Interlocked.Increment(ref _disposed);
        return default;
    }

    public bool GetResult(short token) => _arrival.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _arrival.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _arrival.OnCompleted(continuation, state, token, flags);
}
