using System.Threading.Tasks.Sources;

namespace Reliable.Benchmarks.Streams;

/// <summary>
/// A model whose updates have to be waited for, and come on the thread that waits, when it is told: what a wait costs, without what it costs to change threads.
/// The first is there at once.
/// </summary>
internal sealed class ArrivingAnswer<T>(T update) : IAsyncEnumerable<T>, IAsyncEnumerator<T>, IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _arrival;
    private bool _hasBegun;

    public T Current => update;

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

    public ValueTask<bool> MoveNextAsync()
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            return new(true);
        }

        _arrival.Reset();
        return new(this, _arrival.Version);
    }

    public void Arrive() => _arrival.SetResult(true);

    public ValueTask DisposeAsync() => default;

    public bool GetResult(short token) => _arrival.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _arrival.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _arrival.OnCompleted(continuation, state, token, flags);
}
