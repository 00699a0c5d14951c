using Reliable.Infrastructure;

namespace Reliable.Usage;

public sealed class MemoryUsageStoreTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly MemoryUsageStore _store;

    public MemoryUsageStoreTests() => _store = new MemoryUsageStore(_clock);

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Settle_OfTheSameCharge_CountsItOnce()
    {
        Charge charge = New();

        Assert.Equal(new ChargeResult(ChargeOutcome.Counted, 1, null), Settle(charge, UsageTerms.Default));
        Assert.Equal(new ChargeResult(ChargeOutcome.AlreadyCounted, 1, null), Settle(charge, UsageTerms.Default));
    }

    [Fact]
    public void Settle_AboveTheLimit_CountsNothingUnlessTheAnswerHasLeft()
    {
        var terms = new UsageTerms(1, "UTC");
        Settle(New(), terms);
        Charge second = New();

        Assert.Equal(new ChargeResult(ChargeOutcome.LimitReached, 1, 1), Settle(second, terms));
        Assert.Equal(new ChargeResult(ChargeOutcome.Counted, 2, 1), Settle(second, terms with { EnforceLimit = false }));
    }

    [Fact]
    public async Task Refund_OfACharge_TakesItBackOnce()
    {
        Charge charge = New();
        Settle(charge, UsageTerms.Default);

        Assert.Equal(RefundResult.Refunded, await RefundAsync(charge));
        Assert.Equal(RefundResult.AlreadyRefunded, await RefundAsync(charge));
        Assert.Equal(ChargeOutcome.Refunded, Settle(charge, UsageTerms.Default).Outcome);
        Assert.Equal(0, await UsedAsync());
    }

    [Fact]
    public async Task Refund_BeforeTheCharge_BlocksIt()
    {
        Charge charge = New();

        Assert.Equal(RefundResult.Blocked, await RefundAsync(charge));
        Assert.Equal(ChargeOutcome.Refunded, Settle(charge, UsageTerms.Default).Outcome);
        Assert.Equal(0, await UsedAsync());
    }

    [Fact]
    public async Task Refund_OfYesterdaysCharge_LeavesTodayAlone()
    {
        Charge yesterdays = New();
        Settle(yesterdays, UsageTerms.Default);
        _clock.Advance(TimeSpan.FromDays(1));
        Settle(New(), UsageTerms.Default);

        await RefundAsync(yesterdays);

        Assert.Equal(1, await UsedAsync());
    }

    [Fact]
    public async Task Day_WhenItChanges_BeginsAtZeroAndAReplayStaysOnItsOwn()
    {
        Settle(New(), UsageTerms.Default);
        _clock.Advance(TimeSpan.FromHours(12));
        Assert.Equal(0, await UsedAsync());
        Settle(New(), UsageTerms.Default);

        ChargeResult replayed = Settle(New(), UsageTerms.Default with { Day = new DateOnly(2026, 3, 10) });
        ChargeResult fromTheFuture = Settle(New(), UsageTerms.Default with { Day = new DateOnly(2030, 1, 1) });

        Assert.Equal(new ChargeResult(ChargeOutcome.Counted, 1, null), replayed);
        Assert.Equal(new ChargeResult(ChargeOutcome.Counted, 2, null), fromTheFuture);
    }

    [Fact]
    public void Day_WhenTheClockGoesBack_IsNotResetToAnEarlierOne()
    {
        _clock.Advance(TimeSpan.FromHours(13));
        Settle(New(), UsageTerms.Default);
        _clock.ShiftWallClock(TimeSpan.FromHours(-2));

        Assert.Equal(2, Settle(New(), UsageTerms.Default).Used);
        _clock.ShiftWallClock(TimeSpan.FromHours(2));
        Assert.Equal(3, Settle(New(), UsageTerms.Default).Used);
    }

    [Fact]
    public async Task Settle_OfABatch_GivesTheCountAfterAllOfIt()
    {
        var results = new ChargeResult[3];

        await _store.SettleAsync(new[] { New(), New("u2"), New() }, results, UsageTerms.Default, CancellationToken.None);

        Assert.Equal([2, 1, 2], results.Select(result => result.Used));
    }

    private static Charge New(string user = "u1") => new(Guid.CreateVersion7(), user, "requests", 1);

    private async Task<RefundResult> RefundAsync(Charge charge) => await _store.RefundAsync(charge, UsageTerms.Default, CancellationToken.None);

    private async Task<long> UsedAsync() => (await _store.ReadAsync("u1", "requests", UsageTerms.Default, CancellationToken.None)).Used;

    private ChargeResult Settle(Charge charge, UsageTerms terms) => _store.SettleOnce(charge, _store.AccountOf(charge.UserId, charge.Counter), terms);
}
