namespace Reliable.Transactions;

/// <summary>The real thing: a transaction of a store.</summary>
internal sealed class StoreSlot : ISlotUnderTest
{
    private const int TimeToLive = 100;

    private readonly TransactionStore _store;
    private readonly TransactionHandle _handle;

    public StoreSlot(TransactionStore store, Quota quota)
    {
        _store = store;
        quota.TryReserve(1);
        Assert.True(store.TryBegin(quota, 1, 0, TimeToLive, out _handle));
    }

    public SlotAnswer Claim(bool isLate) => AnswerOf(_store.TryClaimCommit(_handle, isLate ? TimeToLive : 0));

    public SlotAnswer Rollback() => AnswerOf(_store.TryRollback(_handle, 0));

    public SlotAnswer Sweep() => _store.Sweep(TimeToLive, Segment.Size).Expired == 1 ? SlotAnswer.Won : SlotAnswer.Lost;

    public void Release()
    {
        (Quota quota, int amount) = _store.ReservedBy(_handle);
        quota.CountOne(amount);
        _store.Release(_handle);
    }

    private static SlotAnswer AnswerOf(ClaimOutcome outcome) => outcome switch
    {
        ClaimOutcome.Claimed => SlotAnswer.Won,
        ClaimOutcome.Expired => SlotAnswer.Expired,
        _ => SlotAnswer.Lost,
    };
}
