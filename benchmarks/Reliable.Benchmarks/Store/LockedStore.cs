namespace Reliable.Benchmarks.Store;

/// <summary>A lock around a dictionary; it stops everybody while it expires.</summary>
internal sealed class LockedStore : StoreOfTransactions
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, OpenTransaction> _open = [];
    private long _last;

    public override void Open(long nowMs) => Add(nowMs);

    public override bool BeginAndCommit(long nowMs)
    {
        long id = Add(nowMs);
        lock (_lock)
            return _open.Remove(id);
    }

    public override int Expire(long nowMs)
    {
        int expired = 0;
        lock (_lock)
        {
            foreach ((long id, OpenTransaction transaction) in _open)
            {
                if (transaction.DeadlineMs <= nowMs && _open.Remove(id))
                    expired++;
            }
        }

        return expired;
    }

    private long Add(long nowMs)
    {
        var transaction = new OpenTransaction(Quota, 1, nowMs + TimeToLiveMs);
        lock (_lock)
        {
            _open.Add(++_last, transaction);
            return _last;
        }
    }
}
