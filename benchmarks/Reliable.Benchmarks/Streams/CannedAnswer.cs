using Reliable.Benchmarks.Wrapper;

namespace Reliable.Benchmarks.Streams;

/// <summary>A model that streams the same update again and again, at once or each after a yield.</summary>
public sealed class CannedAnswer<T>(T update, long count, InnerCall inner) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(update, count, inner);

    private sealed class Enumerator(T update, long left, InnerCall inner) : IAsyncEnumerator<T>
    {
        public T Current => update;

        public ValueTask<bool> MoveNextAsync() => inner == InnerCall.Completed ? new(left-- > 0) : YieldAsync();

        public ValueTask DisposeAsync() => default;

        private async ValueTask<bool> YieldAsync()
        {
            await Task.Yield();
            return left-- > 0;
        }
    }
}
