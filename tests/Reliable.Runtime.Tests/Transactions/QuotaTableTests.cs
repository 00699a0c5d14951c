namespace Reliable.Transactions;

public sealed class QuotaTableTests
{
    private readonly QuotaTable _table = new("requests");

    [Fact]
    public void Get_WhenAskedTwice_IsTheSameEntry()
    {
        Quota quota = _table.Get("u1");

        Assert.Same(quota, _table.Get("u1"));
        Assert.Equal(("u1", "requests"), (quota.UserId, quota.Counter));
        Assert.NotSame(quota, _table.Get("U1"));
    }

    [Fact]
    public void Forget_WhenIdle_RetiresAndRemoves()
    {
        Quota idle = _table.Get("idle");
        Quota busy = _table.Get("busy");
        busy.TryReserve(1);

        Assert.True(_table.Forget(0, most: 3));
        Assert.Equal(1, _table.Count);
        Assert.Equal(ReserveOutcome.Retired, idle.TryReserve(1));
        Assert.Same(busy, _table.Get("busy"));
    }

    [Fact]
    public void Forget_WhenInSteps_GoesOnWhereItWasAndThenBeginsAnew()
    {
        for (int i = 0; i < 100; i++)
            _table.Get($"u{i}");

        Assert.False(_table.Forget(0, most: 60));
        Assert.Equal(40, _table.Count);
        Assert.True(_table.Forget(0, most: 60));
        Assert.Equal(0, _table.Count);

        _table.Get("u0");
        Assert.True(_table.Forget(0, most: 60));
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void Renew_WhenRetired_ReplacesItOnce()
    {
        Quota retired = _table.Get("u1");
        retired.TryRetire(0);

        Quota next = _table.Renew(retired);
        Assert.NotSame(retired, next);
        Assert.Same(next, _table.Renew(retired));
        Assert.Equal(ReserveOutcome.Reserved, next.TryReserve(1));
    }
}
