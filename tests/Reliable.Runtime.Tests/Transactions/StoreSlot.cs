using Reliable.Infrastructure;

namespace Reliable.Transactions;

/// <summary>The real thing: the one free slot of a store that is full otherwise, so that whoever begins reuses it.</summary>
internal sealed class StoreSlot : ISlotUnderTest
{
    private const int TimeToLive = 100;

    private readonly TransactionStore _store = new(new FakeTimeProvider(), Segment.Size);
    private readonly int _index;
    private long _nowMs;

    public StoreSlot()
    {
        // All the others commit for ever: neither expiry nor anybody else touches them.
        var others = new Quota("others", "requests");
        for (int i = 0; i < Segment.Size; i++)
        {
            Assert.True(_store.TryBegin(others, 1, 0, TimeToLive, out TransactionHandle handle));
            Assert.Equal(ClaimOutcome.Claimed, _store.TryClaimCommit(handle, 0));
            _index = handle.Index;
            if (i == Segment.Size - 1)
                _store.Release(handle);
        }
    }

    public Quota Quota { get; } = new("u1", "requests");

    public long Begin()
    {
        Quota.TryReserve(1);
        if (_store.TryBegin(Quota, 1, _nowMs, TimeToLive, out TransactionHandle handle))
            return handle.Generation;

        Quota.Release(1);
        return -1;
    }

    public SlotAnswer Claim(long generation, bool isLate) => AnswerOf(_store.TryClaimCommit(HandleOf(generation), isLate ? _nowMs + TimeToLive : _nowMs));

    public SlotAnswer Rollback(long generation) => AnswerOf(_store.TryRollback(HandleOf(generation), _nowMs));

    public SlotAnswer Sweep() => Pass(_nowMs + TimeToLive) > 0 ? SlotAnswer.Won : SlotAnswer.Lost;

    public void Release(long generation)
    {
        (Quota quota, int amount) = _store.ReservedBy(HandleOf(generation));
        quota.CountOne(amount);
        _store.Release(HandleOf(generation));
    }

    public void Settle()
    {
        // One pass frees what had expired, or expires what is due, which the next one frees; and all that began before this is over.
        _nowMs += 10 * TimeToLive;
        Pass(_nowMs);
        Pass(_nowMs);
    }

    private int Pass(long nowMs)
    {
        int expired = 0;
        SweepResult step;
        do
        {
            step = _store.Sweep(nowMs);
            expired += step.Expired;
        }
        while (!step.IsPassComplete);
        return expired;
    }

    private TransactionHandle HandleOf(long generation) => new(_index, generation);

    private static SlotAnswer AnswerOf(ClaimOutcome outcome) => outcome switch
    {
        ClaimOutcome.Claimed => SlotAnswer.Won,
        ClaimOutcome.Expired => SlotAnswer.Expired,
        _ => SlotAnswer.Lost,
    };
}
