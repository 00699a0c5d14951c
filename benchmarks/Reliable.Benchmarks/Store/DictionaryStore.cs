using System.Collections.Concurrent;

namespace Reliable.Benchmarks.Store;

/// <summary>What people write today.</summary>
internal sealed class DictionaryStore<TKey>(Func<long, TKey> keyOf) : StoreOfTransactions
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, OpenTransaction> _open = new();
    private long _last;

    public override void Open(long nowMs)
        => _open.TryAdd(keyOf(Interlocked.Increment(ref _last)), new OpenTransaction(Quota, 1, nowMs + TimeToLiveMs));

    public override bool BeginAndCommit(long nowMs)
    {
        TKey key = keyOf(Interlocked.Increment(ref _last));
        _open.TryAdd(key, new OpenTransaction(Quota, 1, nowMs + TimeToLiveMs));
        return _open.TryRemove(key, out _);
    }

    public override int Expire(long nowMs)
    {
        int expired = 0;
        foreach (KeyValuePair<TKey, OpenTransaction> entry in _open)
        {
            if (entry.Value.DeadlineMs <= nowMs && _open.TryRemove(entry))
                expired++;
        }

        return expired;
    }
}
