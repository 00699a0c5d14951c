using Reliable.Transactions;

namespace Reliable.Usage;

public sealed class PendingChargeTests
{
    private static readonly Quota s_quota = new("u1", "requests");

    [Fact]
    public async Task IsOverdue_WhenItWasReturnedToThePool_IsFalse()
    {
        PendingCharge pending = PendingCharge.Rent(NewCharge(), s_quota, nowMs: 0);
        ValueTask<CommitResult> result = pending.AsValueTask();
        Assert.True(pending.TryComplete(default));
        await result;

        Assert.False(pending.IsOverdue(nowMs: 10_000, timeoutMs: 0, out _));
    }

    [Fact]
    public void TryComplete_WhenTheCallerHasLeft_ReturnsFalse()
    {
        PendingCharge pending = PendingCharge.Rent(NewCharge(), s_quota, nowMs: 0);
        Assert.True(pending.IsOverdue(nowMs: 1_000, timeoutMs: 1_000, out long word));

        Assert.True(pending.TryDetach(word));

        Assert.True(pending.HasLeft);
        Assert.False(pending.TryComplete(default));
    }

    [Fact]
    public void TryDetach_WhenTheStoreAnsweredMeanwhile_ReturnsFalse()
    {
        PendingCharge pending = PendingCharge.Rent(NewCharge(), s_quota, nowMs: 0);
        Assert.True(pending.IsOverdue(nowMs: 1_000, timeoutMs: 1_000, out long word));

        Assert.True(pending.TryComplete(default));

        Assert.False(pending.IsStill(word));
        Assert.False(pending.TryDetach(word));
    }

    [Fact]
    public void IsOverdue_BeforeItsTime_IsFalse()
        => Assert.False(PendingCharge.Rent(NewCharge(), s_quota, nowMs: 5).IsOverdue(nowMs: 1_004, timeoutMs: 1_000, out _));

    [Fact]
    public void HasLeft_OfADetachedOne_IsTrue()
    {
        PendingCharge pending = PendingCharge.CreateDetached(NewCharge(), s_quota, null);

        Assert.True(pending.HasLeft);
        Assert.False(pending.IsOverdue(long.MaxValue, 0, out _));
        Assert.False(pending.TryComplete(default));
    }

    [Fact]
    public async Task Rent_WhenReused_KnowsNothingOfTheChargeBefore()
    {
        PendingCharge first = PendingCharge.Rent(NewCharge(), s_quota, nowMs: 0);
        first.FirstTriedOn = new DateOnly(2026, 1, 1);
        ValueTask<CommitResult> result = first.AsValueTask();
        Assert.True(first.TryComplete(default));
        await result;

        for (int i = 0; i < 50; i++)
        {
            Charge charge = NewCharge();
            PendingCharge next = PendingCharge.Rent(charge, s_quota, nowMs: 7);
            Assert.Equal(charge, next.Charge);
            Assert.Null(next.FirstTriedOn);
            Assert.False(next.HasLeft);
        }
    }

    private static Charge NewCharge() => new(Guid.CreateVersion7(), "u1", "requests", 1);
}
