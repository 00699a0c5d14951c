using Reliable.Transactions;

namespace Reliable.Benchmarks.Store;

/// <summary>The library's store.</summary>
internal sealed class SlotStore : StoreOfTransactions
{
    private readonly TransactionStore _store = new(TimeProvider.System);

    public override void Open(long nowMs) => _store.TryBegin(Quota, 1, nowMs, TimeToLiveMs, out _);

    public override bool BeginAndCommit(long nowMs)
    {
        _store.TryBegin(Quota, 1, nowMs, TimeToLiveMs, out TransactionHandle handle);
        bool isCommitted = _store.TryClaimCommit(handle, nowMs) == ClaimOutcome.Claimed;
        _store.Release(handle);
        return isCommitted;
    }

    public override int Expire(long nowMs)
    {
        int expired = 0;
        SweepResult step;
        do
        {
            step = _store.Sweep(nowMs, TransactionStore.SlotsPerStep);
            expired += step.Expired;
        }
        while (!step.IsPassComplete);
        return expired;
    }
}
