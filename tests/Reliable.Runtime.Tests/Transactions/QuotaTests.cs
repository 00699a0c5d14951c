namespace Reliable.Transactions;

public sealed class QuotaTests
{
    private static readonly QuotaTerms s_limitOf10 = Terms(10);

    private readonly Quota _quota = new("u1", "requests");

    [Theory]
    [InlineData(4, 5, true)]
    [InlineData(5, 5, true)]
    [InlineData(6, 5, false)]
    [InlineData(10, 1, false)]
    [InlineData(0, 10, true)]
    [InlineData(0, 11, false)]
    [InlineData(99, 1, false)]
    public void TryReserve_WhenAroundTheLimit_AllowsUpToTheLimitExactly(long used, int amount, bool isAllowed)
    {
        Refresh(used, s_limitOf10);

        Assert.Equal(isAllowed ? ReserveOutcome.Reserved : ReserveOutcome.Denied, _quota.TryReserve(amount));
        Assert.Equal((used, isAllowed ? amount : 0), _quota.Read());
    }

    [Fact]
    public void TryRefresh_WhenNothingIsKnownAndAReplayIsOnItsWay_CountsWhatWasRead()
    {
        var quota = new Quota("u1", "requests");
        quota.ReserveAgain(1);
        quota.Depart();

        Assert.False(quota.TryRefresh(quota.Mark(), used: 2, new QuotaTerms(true, 3, default, default, long.MaxValue), freshUntilMs: 1_000, force: false));

        Assert.Equal((2, 1), quota.Read());
        Assert.Equal(ReserveOutcome.Denied, quota.TryReserve(1));
        quota.Arrive(1, used: 2, limit: 3, freshUntilMs: 1_000);
        Assert.Equal((2, 0), quota.Read());
    }

    [Fact]
    public void TryReserve_WhenReservationsFillTheLimit_IsDeniedUntilOneIsReleased()
    {
        Refresh(4, s_limitOf10);
        Assert.Equal(ReserveOutcome.Reserved, _quota.TryReserve(6));
        Assert.Equal(ReserveOutcome.Denied, _quota.TryReserve(1));

        _quota.Release(6);
        Assert.Equal(ReserveOutcome.Reserved, _quota.TryReserve(6));
        _quota.CountOne(6);
        Assert.Equal((10, 0), _quota.Read());
        Assert.Equal(ReserveOutcome.Denied, _quota.TryReserve(1));
    }

    [Fact]
    public void TryReserve_WhenUnlimited_StopsBeforeTheReservedHalfIsFull()
    {
        Assert.Null(_quota.Limit);
        Assert.Equal(ReserveOutcome.Reserved, _quota.TryReserve(int.MaxValue));
        Assert.Equal(ReserveOutcome.Reserved, _quota.TryReserve(int.MaxValue));
        Assert.Equal(ReserveOutcome.Denied, _quota.TryReserve(1));
        Assert.Equal((0, 2L * int.MaxValue), _quota.Read());
        _quota.Release(int.MaxValue);
        _quota.Release(int.MaxValue);
        Assert.Equal((0, 0), _quota.Read());
    }

    [Fact]
    public void TryReserve_WhenTheLimitIsZero_IsDenied()
    {
        Refresh(0, Terms(0));

        Assert.Equal(ReserveOutcome.Denied, _quota.TryReserve(1));
    }

    [Fact]
    public void CountOne_WhenTheUsedHalfIsFull_StaysFull()
    {
        Refresh(long.MaxValue, s_limitOf10 with { Limit = null });
        Assert.Equal((uint.MaxValue, 0), _quota.Read());

        Assert.Equal(ReserveOutcome.Reserved, _quota.TryReserve(5));
        _quota.CountOne(5);

        Assert.Equal((uint.MaxValue, 0), _quota.Read());
    }

    [Fact]
    public void Arrive_WhenTheStoreAnswered_TakesItsWordAndEndsTheReservation()
    {
        Refresh(4, s_limitOf10);
        _quota.TryReserve(2);
        _quota.TryReserve(1);
        _quota.Depart();
        _quota.Arrive(2, used: 9, limit: 12, freshUntilMs: 500);

        Assert.Equal((9, 1), _quota.Read());
        Assert.Equal(12, _quota.Limit);
        Assert.True(_quota.IsFresh(499));
        Assert.False(_quota.IsFresh(500));
    }

    [Fact]
    public void Arrive_WhenTheDayEndsBefore_IsFreshOnlyUntilThen()
    {
        Refresh(0, s_limitOf10 with { ResetsAtMs = 300 });
        _quota.TryReserve(1);
        _quota.Depart();
        _quota.Arrive(1, used: 1, limit: 10, freshUntilMs: 500);

        Assert.True(_quota.IsFresh(299));
        Assert.False(_quota.IsFresh(300));
    }

    [Fact]
    public void ArriveUnknown_WhenTheStoreSaidNothing_CountsTheReservationAsUsed()
    {
        Refresh(4, s_limitOf10);
        _quota.TryReserve(2);
        _quota.Depart();
        _quota.ArriveUnknown(2);

        Assert.Equal((6, 0), _quota.Read());
        Assert.Equal(0, _quota.Mark().InFlight);
    }

    [Fact]
    public void TryRefresh_WhenNothingHappenedMeanwhile_TakesTheReading()
    {
        _quota.TryReserve(2);
        QuotaMark mark = _quota.Mark();

        Assert.True(_quota.TryRefresh(mark, 7, s_limitOf10, freshUntilMs: 100, force: false));
        Assert.Equal((7, 2), _quota.Read());
        Assert.Same(s_limitOf10, _quota.Terms);
        Assert.True(_quota.IsFresh(99));
    }

    [Fact]
    public void TryRefresh_WhenTheWordChanged_KeepsTheCountAndTakesTheLimit()
    {
        Refresh(5, s_limitOf10, freshUntilMs: 0);
        QuotaMark mark = _quota.Mark();
        _quota.TryReserve(2);

        Assert.False(_quota.TryRefresh(mark, 7, s_limitOf10, freshUntilMs: 100, force: false));
        Assert.Equal((5, 2), _quota.Read());
        Assert.Equal(10, _quota.Limit);
        Assert.False(_quota.IsFresh(0));
    }

    [Fact]
    public void TryRefresh_WhenAChargeWasOnItsWayAtTheMark_KeepsTheCount()
    {
        _quota.TryReserve(1);
        _quota.Depart();
        QuotaMark mark = _quota.Mark();
        _quota.Arrive(1, used: 1, limit: null, freshUntilMs: 0);

        Assert.False(_quota.TryRefresh(mark, 7, s_limitOf10, freshUntilMs: 100, force: false));
        Assert.Equal((1, 0), _quota.Read());
    }

    [Fact]
    public void TryRefresh_WhenAChargeLeftMeanwhile_KeepsTheCount()
    {
        Refresh(6, s_limitOf10);
        _quota.TryReserve(1);
        QuotaMark mark = _quota.Mark();
        _quota.Depart();

        Assert.False(_quota.TryRefresh(mark, 7, s_limitOf10, freshUntilMs: 100, force: false));
        Assert.Equal((6, 1), _quota.Read());
    }

    [Fact]
    public void TryRefresh_WhenForcedOnANewDay_TakesTheReadingAndKeepsReservations()
    {
        Refresh(9, s_limitOf10);
        QuotaMark mark = _quota.Mark();
        _quota.TryReserve(1);
        _quota.Depart();

        Assert.True(_quota.TryRefresh(mark, 0, s_limitOf10, freshUntilMs: 100, force: true));
        Assert.Equal((0, 1), _quota.Read());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TryRefresh_WhenRetired_StaysRetired(bool force)
    {
        QuotaMark before = _quota.Mark();
        Assert.True(_quota.TryRetire(0));
        _quota.TryRefresh(before, 7, s_limitOf10, freshUntilMs: 100, force);
        _quota.TryRefresh(_quota.Mark(), 7, s_limitOf10, freshUntilMs: 100, force);

        Assert.Equal(ReserveOutcome.Retired, _quota.TryReserve(1));
        Assert.Equal(0, _quota.Read().Reserved);
    }

    [Fact]
    public void TryRetire_WhenReserved_IsRefused()
    {
        _quota.TryReserve(1);
        Assert.False(_quota.TryRetire(0));

        _quota.Release(1);
        Assert.True(_quota.TryRetire(0));
    }

    [Fact]
    public void TryRetire_WhenFreshLately_IsRefused()
    {
        Refresh(0, s_limitOf10, freshUntilMs: 100);

        Assert.False(_quota.TryRetire(100));
        Assert.True(_quota.TryRetire(101));
    }

    [Fact]
    public void TryRetire_WhenAChargeIsOnItsWay_IsRefused()
    {
        _quota.TryReserve(1);
        _quota.Depart();
        _quota.Release(1);

        Assert.False(_quota.TryRetire(0));
    }

    [Fact]
    public void ReserveAgain_WhenAtTheLimit_ReservesAllTheSame()
    {
        Refresh(10, s_limitOf10);

        Assert.Equal(ReserveOutcome.Reserved, _quota.ReserveAgain(3));
        Assert.Equal((10, 3), _quota.Read());
    }

    [Fact]
    public void ReserveAgain_WhenRetired_IsRefusedAndChangesNothing()
    {
        Refresh(6, s_limitOf10, freshUntilMs: 0);
        Assert.True(_quota.TryRetire(1));

        Assert.Equal(ReserveOutcome.Retired, _quota.ReserveAgain(3));
        Assert.Equal((6, 0), _quota.Read());
        Assert.Equal(ReserveOutcome.Retired, _quota.TryReserve(1));
    }

    [Fact]
    public void GoOn_WhenNothingIsKnown_DecidesByTheDefaultLimit()
    {
        _quota.GoOn(defaultLimit: 2, untilMs: 50);

        Assert.Equal(2, _quota.Limit);
        Assert.True(_quota.IsFresh(49));
        Assert.Equal(ReserveOutcome.Denied, _quota.TryReserve(3));
    }

    [Fact]
    public void GoOn_WhenALimitIsKnown_KeepsIt()
    {
        Refresh(0, s_limitOf10);
        _quota.GoOn(defaultLimit: 2, untilMs: 50);

        Assert.Equal(10, _quota.Limit);
    }

    [Fact]
    public void Invalidate_WhenFresh_MakesItStale()
    {
        Refresh(0, s_limitOf10, freshUntilMs: 100);
        _quota.Invalidate();

        Assert.False(_quota.IsFresh(0));
    }

    internal static QuotaTerms Terms(long? limit) => new(true, limit, new DateOnly(2026, 3, 10), default, long.MaxValue);

    private void Refresh(long used, QuotaTerms terms, long freshUntilMs = 1_000)
        => Assert.True(_quota.TryRefresh(_quota.Mark(), used, terms, freshUntilMs, force: false));
}
