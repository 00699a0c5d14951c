using Reliable.Infrastructure;

namespace Reliable.Transactions;

/// <summary>Every edge of a slot's state machine, one at a time.</summary>
public sealed class TransactionStoreTests
{
    private const int TimeToLive = 1_000;

    private readonly FakeTimeProvider _clock = new();
    private readonly TransactionStore _store;
    private readonly Quota _quota = new("u1", "requests");

    public TransactionStoreTests() => _store = new TransactionStore(_clock);

    [Fact]
    public void TryBegin_WhenSlotIsFree_KeepsWhatIsReserved()
    {
        TransactionHandle handle = Begin(amount: 3);

        Assert.False(handle.IsNone);
        Assert.Equal((_quota, 3), _store.ReservedBy(handle));
        Assert.Equal((1, 0), _store.Count(0));
    }

    [Fact]
    public void TryBegin_WhenOpen_NeverGivesItsSlotAway()
    {
        TransactionHandle first = Begin();

        Assert.NotEqual(first.Index, Begin().Index);
    }

    [Fact]
    public void TryClaimCommit_WhenActive_ClaimsAndLeavesTheReservation()
    {
        TransactionHandle handle = Begin(amount: 3);

        Assert.Equal(ClaimOutcome.Claimed, _store.TryClaimCommit(handle, 0));
        Assert.Equal((0, 3), _quota.Read());
        Assert.Equal((_quota, 3), _store.ReservedBy(handle));
        Assert.Equal(1, _store.Count(0).Active);
    }

    [Fact]
    public void TryClaimCommit_WhenCommitting_ReturnsBusy()
    {
        TransactionHandle handle = Begin();
        _store.TryClaimCommit(handle, 0);

        Assert.Equal(ClaimOutcome.Busy, _store.TryClaimCommit(handle, 0));
    }

    [Fact]
    public void TryRollback_WhenCommitting_ReturnsBusyAndLeavesTheReservation()
    {
        TransactionHandle handle = Begin();
        _store.TryClaimCommit(handle, 0);

        Assert.Equal(ClaimOutcome.Busy, _store.TryRollback(handle, 0));
        Assert.Equal(ClaimOutcome.Busy, _store.TryRollback(handle, TimeToLive));
        Assert.Equal((0, 1), _quota.Read());
    }

    [Fact]
    public void Sweep_WhenCommittingAndOverdue_LeavesItAlone()
    {
        TransactionHandle handle = Begin();
        _store.TryClaimCommit(handle, 0);

        Assert.Equal(new SweepResult(0, true), _store.Sweep(TimeToLive * 10, Segment.Size));
        Assert.Equal((0, 1), _quota.Read());
        Assert.Equal(1, _store.Count(TimeToLive * 10).Active);
    }

    [Fact]
    public void Release_WhenCommitting_FreesTheSlotAndMakesTheHandleStale()
    {
        TransactionHandle handle = Begin();
        _store.TryClaimCommit(handle, 0);
        _store.Release(handle);

        Assert.Equal(0, _store.Count(0).Active);
        AssertStale(handle);
    }

    [Fact]
    public void TryRollback_WhenActive_GivesTheReservationBackOnce()
    {
        TransactionHandle handle = Begin(amount: 3);
        Begin(amount: 4);

        Assert.Equal(ClaimOutcome.Claimed, _store.TryRollback(handle, 0));
        Assert.Equal((0, 4), _quota.Read());
        AssertStale(handle);
        Assert.Equal((0, 4), _quota.Read());
        Assert.Equal(1, _store.Count(0).Active);
    }

    [Theory]
    [InlineData(TimeToLive - 1, false)]
    [InlineData(TimeToLive, true)]
    [InlineData(TimeToLive + 1, true)]
    public void Claim_WhenAroundTheDeadline_IsRefusedFromTheDeadlineOn(int nowMs, bool isExpired)
    {
        ClaimOutcome expected = isExpired ? ClaimOutcome.Expired : ClaimOutcome.Claimed;

        Assert.Equal(expected, _store.TryClaimCommit(Begin(), nowMs));
        Assert.Equal(expected, _store.TryRollback(Begin(), nowMs));
    }

    [Fact]
    public void TryClaimCommit_WhenOverdue_GivesTheReservationBackOnce()
    {
        TransactionHandle handle = Begin(amount: 3);

        Assert.Equal(ClaimOutcome.Expired, _store.TryClaimCommit(handle, TimeToLive));
        Assert.Equal((0, 0), _quota.Read());
        Assert.Equal(ClaimOutcome.Expired, _store.TryClaimCommit(handle, TimeToLive));
        Assert.Equal(ClaimOutcome.Expired, _store.TryRollback(handle, TimeToLive));
        Assert.Equal((0, 0), _quota.Read());
        Assert.Equal(0, _store.Count(TimeToLive).Active);
    }

    [Fact]
    public void TryRollback_WhenOverdue_GivesTheReservationBackOnce()
    {
        TransactionHandle handle = Begin(amount: 3);

        Assert.Equal(ClaimOutcome.Expired, _store.TryRollback(handle, TimeToLive));
        Assert.Equal((0, 0), _quota.Read());
        Assert.Equal(ClaimOutcome.Expired, _store.TryRollback(handle, TimeToLive));
        Assert.Equal((0, 0), _quota.Read());
    }

    [Fact]
    public void TryClaimCommit_WhenExpiredAndAskedWithAnEarlierTime_StillReturnsExpired()
    {
        TransactionHandle handle = Begin();
        _store.Sweep(TimeToLive);

        Assert.Equal(ClaimOutcome.Expired, _store.TryClaimCommit(handle, 0));
    }

    [Fact]
    public void Sweep_WhenOverdue_ExpiresAndFreesOnePassLater()
    {
        TransactionHandle handle = Begin(amount: 3);

        Assert.Equal(new SweepResult(0, true), _store.Sweep(TimeToLive - 1, Segment.Size));
        Assert.Equal(new SweepResult(1, true), _store.Sweep(TimeToLive, Segment.Size));
        Assert.Equal((0, 0), _quota.Read());
        Assert.Equal(ClaimOutcome.Expired, _store.TryClaimCommit(handle, TimeToLive));

        Assert.Equal(new SweepResult(0, true), _store.Sweep(TimeToLive, Segment.Size));
        AssertStale(handle);
        Assert.Equal((0, 0), _quota.Read());
    }

    [Fact]
    public void Sweep_WhenExpiredByACommit_OnlyFreesIt()
    {
        TransactionHandle handle = Begin(amount: 3);
        _store.TryClaimCommit(handle, TimeToLive);

        Assert.Equal(new SweepResult(0, true), _store.Sweep(TimeToLive, Segment.Size));
        AssertStale(handle);
        Assert.Equal((0, 0), _quota.Read());
    }

    [Fact]
    public void Claim_WhenSlotBelongsToAnother_IsStaleAndLeavesTheOther()
    {
        TransactionHandle first = Begin();
        _store.TryRollback(first, 0);
        TransactionHandle second = Begin(amount: 7);

        Assert.Equal(first.Index, second.Index);
        Assert.Equal(first.Generation + 1, second.Generation);
        AssertStale(first);
        Assert.Equal((0, 7), _quota.Read());
        Assert.Equal(ClaimOutcome.Claimed, _store.TryClaimCommit(second, 0));
        AssertStale(first);
    }

    [Fact]
    public void Claim_WhenSlotBelongsToAnotherThatIsOverdue_DoesNotExpireIt()
    {
        TransactionHandle first = Begin();
        _store.TryRollback(first, 0);
        Begin(amount: 7);

        Assert.Equal(ClaimOutcome.Stale, _store.TryClaimCommit(first, TimeToLive));
        Assert.Equal((0, 7), _quota.Read());
        Assert.Equal(1, _store.Count(0).Active);
    }

    [Fact]
    public void Claim_WhenHandleIsDefault_IsStale() => AssertStale(default);

    [Fact]
    public void Sweep_WhenInSteps_SeesEachSlotOnceAndSaysWhenItIsThrough()
    {
        TransactionHandle[] handles = [.. Enumerable.Range(0, 2_000).Select(i => Begin(timeToLive: i % 2 == 0 ? TimeToLive : TimeToLive * 2))];

        for (int pass = 0; pass < 2; pass++)
        {
            int now = TimeToLive * (pass + 1);
            int expired = 0;
            SweepResult step;
            int steps = 0;
            do
            {
                step = _store.Sweep(now, maxSlots: 1_000);
                expired += step.Expired;
                steps++;
            }
            while (!step.IsPassComplete);

            Assert.Equal((_store.Capacity + 999) / 1_000, steps);
            Assert.Equal(1_000, expired);
            Assert.Equal(pass == 0 ? 1_000 : 0, _store.Count(now).Active);
        }

        Assert.Equal((0, 0), _quota.Read());
        Assert.All(handles.Where((_, i) => i % 2 == 0), AssertStale);
        Assert.All(handles.Where((_, i) => i % 2 == 1), handle => Assert.Equal(ClaimOutcome.Expired, _store.TryClaimCommit(handle, 0)));
    }

    [Fact]
    public void Sweep_WhenNothingCanBeDueYet_PassesOverTheSegmentUntilItCan()
    {
        FillSegments(3, nowMs: 0);

        // Nothing was looked at so far, and nothing needs to be: the store is younger than the shortest time to live.
        int segments = _store.Capacity / Segment.Size;
        Assert.Equal(1, StepsOfAPass(TimeToLive - 1, out int early));
        Assert.Equal(segments, StepsOfAPass(TimeToLive, out int due));
        Assert.Equal((0, 3 * Segment.Size), (early, due));

        // What was expired is freed by the next pass, which therefore looks; the one after it need not.
        Assert.InRange(StepsOfAPass(TimeToLive, out _), 3, segments);
        Assert.Equal(1, StepsOfAPass(TimeToLive, out _));
    }

    [Fact]
    public void Sweep_WhenSegmentsFilledAtDifferentTimes_ExpiresEachAtItsDeadline()
    {
        FillSegments(1, nowMs: 0);
        FillSegments(2, nowMs: TimeToLive / 2);
        Assert.Equal(Segment.Size, Sweep(TimeToLive));
        Sweep(TimeToLive);

        Assert.Equal(1, StepsOfAPass(TimeToLive * 3 / 2 - 1, out int early));
        Assert.Equal((0, 2 * Segment.Size), (early, Sweep(TimeToLive * 3 / 2)));
    }

    [Fact]
    public void Sweep_WhenATimeToLiveIsShorterThanThoseBefore_ExpiresItInTime()
    {
        Begin();
        Sweep(0);
        Begin(timeToLive: 10);

        Assert.Equal(0, Sweep(9));
        Assert.Equal(1, Sweep(10));
    }

    [Fact]
    public void Sweep_WhenBegunAfterItsSegmentWasLookedAt_ExpiresItAtItsDeadline()
    {
        Begin();
        Sweep(TimeToLive);
        Begin(nowMs: TimeToLive + 7);
        Sweep(TimeToLive + 8);

        Assert.Equal(0, Sweep(2 * TimeToLive + 6));
        Assert.Equal(1, Sweep(2 * TimeToLive + 7));
    }

    [Fact]
    public void Sweep_WhenItExpiredByItself_IsFreedByTheNextPass()
    {
        Begin();
        Sweep(1);
        TransactionHandle late = Begin(nowMs: 2);
        Assert.Equal(ClaimOutcome.Expired, _store.TryClaimCommit(late, TimeToLive + 2));

        Assert.Equal(1, Sweep(TimeToLive + 2));
        AssertStale(late);
    }

    [Fact]
    public void Sweep_WhenStoreGrewMeanwhile_ReachesTheNewSegment()
    {
        _store.Sweep(0, maxSlots: 100);
        for (int i = 0; i < Segment.Size + 1; i++)
            Begin();

        int expired = 0;
        SweepResult step;
        do
        {
            step = _store.Sweep(TimeToLive);
            expired += step.Expired;
        }
        while (!step.IsPassComplete);
        expired += _store.Sweep(TimeToLive, maxSlots: int.MaxValue / 2).Expired;

        Assert.Equal(Segment.Size + 1, expired);
        Assert.Equal((0, 0), _quota.Read());
    }

    [Fact]
    public void TryBegin_WhenASegmentIsFull_GrowsAndKeepsEveryTransaction()
    {
        TransactionHandle[] handles = [.. Enumerable.Range(0, 3 * Segment.Size).Select(_ => Begin())];

        Assert.Equal(handles.Length, handles.Distinct().Count());
        Assert.Equal(handles.Length, handles.Select(handle => handle.Index).Distinct().Count());
        Assert.True(_store.Capacity > 2 * Segment.Size);
        Assert.Equal(handles.Length, _store.Count(0).Active);
        Assert.All(handles, handle => Assert.Equal(ClaimOutcome.Claimed, _store.TryRollback(handle, 0)));
        Assert.Equal((0, 0), _quota.Read());
        Assert.Equal(0, _store.Count(0).Active);
    }

    [Theory]
    [InlineData(1, Segment.Size)]
    [InlineData(Segment.Size, Segment.Size)]
    [InlineData(2 * Segment.Size, 2 * Segment.Size)]
    public void TryBegin_WhenAllSlotsAreTaken_RefusesUntilOneIsFree(int maxCapacity, int slots)
    {
        var store = new TransactionStore(_clock, maxCapacity);
        var handles = new TransactionHandle[slots];
        for (int i = 0; i < slots; i++)
            Assert.True(store.TryBegin(_quota, 1, 0, TimeToLive, out handles[i]), $"Slot {i} of {slots} was refused.");

        Assert.False(store.TryBegin(_quota, 1, 0, TimeToLive, out TransactionHandle none));
        Assert.True(none.IsNone);
        Assert.Equal(slots, store.Capacity);

        TransactionHandle last = handles[slots / 3];
        store.TryClaimCommit(last, 0);
        Assert.False(store.TryBegin(_quota, 1, 0, TimeToLive, out _));
        store.Release(last);
        Assert.True(store.TryBegin(_quota, 1, 0, TimeToLive, out TransactionHandle next));
        Assert.Equal(last.Index, next.Index);

        while (!store.Sweep(TimeToLive).IsPassComplete)
        {
        }

        Assert.False(store.TryBegin(_quota, 1, 0, TimeToLive, out _));
        while (!store.Sweep(TimeToLive).IsPassComplete)
        {
        }

        for (int i = 0; i < slots; i++)
            Assert.True(store.TryBegin(_quota, 1, 0, TimeToLive, out _), $"Slot {i} of {slots} was not free again.");
    }

    [Fact]
    public void Constructor_WhenMoreIsAskedThanAnIdCanName_Throws()
        => Assert.Throws<ArgumentOutOfRangeException>(() => new TransactionStore(_clock, TransactionStore.MaxCapacity + 1));

    [Fact]
    public void Count_WhenSomeAreOpen_TellsTheAgeOfTheOldest()
    {
        TransactionHandle first = Begin();
        Begin(nowMs: 300);
        Assert.Equal((2, 500), _store.Count(500));

        _store.TryRollback(first, 500);
        Assert.Equal((1, 200), _store.Count(500));
    }

    [Fact]
    public void TimesOf_WhenOpen_IsTheWallClockOfTheStartPlusMonotonicTime()
    {
        DateTimeOffset start = _clock.GetUtcNow();
        _clock.ShiftWallClock(TimeSpan.FromDays(-3));
        _clock.Advance(TimeSpan.FromMilliseconds(250));

        Assert.Equal(250, _store.NowMs);
        TransactionHandle handle = Begin(nowMs: _store.NowMs);
        Assert.Equal((start.AddMilliseconds(250), start.AddMilliseconds(250 + TimeToLive)), _store.TimesOf(handle));
    }

    [Fact]
    public void Store_WhenAMillionAreOpen_TakesAtMost64BytesASlot()
    {
        const int Open = 1_000_000;
        long before = GC.GetAllocatedBytesForCurrentThread();
        var store = new TransactionStore(_clock);
        for (int i = 0; i < Open; i++)
        {
            if (!store.TryBegin(_quota, 1, 0, TimeToLive, out _))
                Assert.Fail($"Refused at {i}.");
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange((double)allocated / Open, 32, 64);
    }

    private void FillSegments(int segments, long nowMs)
    {
        for (int i = 0; i < segments * Segment.Size; i++)
            Begin(nowMs: nowMs);
    }

    private int Sweep(long nowMs)
    {
        StepsOfAPass(nowMs, out int expired);
        return expired;
    }

    private int StepsOfAPass(long nowMs, out int expired)
    {
        expired = 0;
        SweepResult step;
        int steps = 0;
        do
        {
            step = _store.Sweep(nowMs, Segment.Size);
            expired += step.Expired;
            steps++;
        }
        while (!step.IsPassComplete);
        return steps;
    }

    private TransactionHandle Begin(int amount = 1, long nowMs = 0, int timeToLive = TimeToLive)
    {
        Assert.Equal(ReserveOutcome.Reserved, _quota.TryReserve(amount));
        Assert.True(_store.TryBegin(_quota, amount, nowMs, timeToLive, out TransactionHandle handle));
        return handle;
    }

    private void AssertStale(TransactionHandle handle)
    {
        Assert.Equal(ClaimOutcome.Stale, _store.TryClaimCommit(handle, 0));
        Assert.Equal(ClaimOutcome.Stale, _store.TryRollback(handle, 0));
    }
}
