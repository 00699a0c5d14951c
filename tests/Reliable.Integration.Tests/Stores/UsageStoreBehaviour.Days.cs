using Reliable.Usage;

namespace Reliable.Stores;

public abstract partial class UsageStoreBehaviour
{
    [Fact]
    public async Task Settle_WhenCounterIsOfAnEarlierDay_ResetsIt()
    {
        SkipWithoutDays();
        IUsageStore store = await Harness.OpenAsync();
        string user = await NewUserAsync();
        DateOnly today = await TodayAsync(store);
        await Harness.SetCounterAsync(user, 777, today.AddDays(-1));

        UsageReading before = await store.ReadAsync(user);
        ChargeResult[] results = await store.SettleAsync(s_limitFive, Charges.New(2, _ => user));

        Assert.Equal(0, before.Used);
        Assert.All(results, static r => Assert.Equal(new ChargeResult(ChargeOutcome.Counted, 2, 5), r));
        Assert.Equal(2, (await store.ReadAsync(user)).Used);
        Assert.Empty(await Harness.AuditAsync([user]));
    }

    [Fact]
    public async Task Settle_WhenCounterIsOfToday_AddsToIt()
    {
        Assert.SkipUnless(Harness.CanSetCounters, "Counters cannot be set from outside here.");
        IUsageStore store = await Harness.OpenAsync();
        string user = await NewUserAsync();
        await Harness.SetCounterAsync(user, 777, await TodayAsync(store));

        Assert.Equal(777, (await store.ReadAsync(user)).Used);
        Assert.Equal(new ChargeResult(ChargeOutcome.LimitReached, 777, 5), await store.SettleAsync(Charges.New(user), s_limitFive));
        Assert.Equal(new ChargeResult(ChargeOutcome.Counted, 778, null), await store.SettleAsync(Charges.New(user)));
    }

    [Fact]
    public async Task Settle_WhenCounterIsOneDayAhead_NeverGoesBack()
    {
        SkipWithoutDays();
        IUsageStore store = await Harness.OpenAsync();
        string user = await NewUserAsync();
        DateOnly tomorrow = (await TodayAsync(store)).AddDays(1);
        await Harness.SetCounterAsync(user, 777, tomorrow);

        Assert.Equal(777, (await store.ReadAsync(user)).Used);
        Assert.Equal(new ChargeResult(ChargeOutcome.Counted, 778, null), await store.SettleAsync(Charges.New(user)));
        Assert.Equal(1, await Harness.SumLedgerAsync(user, tomorrow));
        Assert.Equal(778, (await store.ReadAsync(user)).Used);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(40)]
    [InlineData(2_000_000)]
    public async Task Settle_WhenCounterIsFarAhead_TakesItForAMistake(int daysAhead)
    {
        SkipWithoutDays();
        IUsageStore store = await Harness.OpenAsync();
        string user = await NewUserAsync();
        DateOnly today = await TodayAsync(store);
        await Harness.SetCounterAsync(user, 777, today.AddDays(daysAhead));

        Assert.Equal(0, (await store.ReadAsync(user)).Used);
        Assert.Equal(new ChargeResult(ChargeOutcome.Counted, 1, null), await store.SettleAsync(Charges.New(user)));
        Assert.Equal(1, (await store.ReadAsync(user)).Used);
        Assert.Equal(1, await Harness.SumLedgerAsync(user, today));
    }

    [Fact]
    public async Task Settle_WhenReplayIsOfADayTheCounterLeft_GoesToTheLedgerOnly()
    {
        SkipWithoutDays();
        IUsageStore store = await Harness.OpenAsync();
        string user = await NewUserAsync();
        DateOnly yesterday = (await TodayAsync(store)).AddDays(-1);
        await store.SettleAsync(s_limitFive, Charges.New(5, _ => user));
        Charge late = Charges.New(user, amount: 2);

        ChargeResult first = await store.SettleAsync(late, s_limitFive with { Day = yesterday });
        ChargeResult again = await store.SettleAsync(late, s_limitFive with { Day = yesterday });

        Assert.Equal(new ChargeResult(ChargeOutcome.Counted, 5, 5), first);
        Assert.Equal(new ChargeResult(ChargeOutcome.AlreadyCounted, 5, 5), again);
        Assert.Equal(2, await Harness.SumLedgerAsync(user, yesterday));
        Assert.Equal(5, (await store.ReadAsync(user)).Used);
        Assert.Empty(await Harness.AuditAsync([user]));
    }

    [Fact]
    public async Task Settle_WhenReplayIsOfTheCountersOwnDay_CountsOnThatDay()
    {
        SkipWithoutDays();
        IUsageStore store = await Harness.OpenAsync();
        string user = await NewUserAsync();
        DateOnly yesterday = (await TodayAsync(store)).AddDays(-1);
        await Harness.SetCounterAsync(user, 3, yesterday);
        UsageTerms replay = s_limitFive with { Day = yesterday };

        ChargeResult[] results = await store.SettleAsync(replay, Charges.New(3, _ => user));

        Assert.Equal([ChargeOutcome.Counted, ChargeOutcome.Counted, ChargeOutcome.LimitReached], results.Outcomes());
        Assert.All(results, static r => Assert.Equal(0, r.Used));
        Assert.Equal(0, (await store.ReadAsync(user)).Used);
        Assert.Equal(new ChargeResult(ChargeOutcome.Counted, 1, 5), await store.SettleAsync(Charges.New(user), s_limitFive));
    }

    [Fact]
    public async Task Settle_WhenReplayClaimsAFutureDay_CountsToday()
    {
        IUsageStore store = await Harness.OpenAsync();
        string user = await NewUserAsync();
        DateOnly today = await TodayAsync(store);

        ChargeResult result = await store.SettleAsync(Charges.New(user), UsageTerms.Default with { Day = today.AddDays(3) });

        Assert.Equal(new ChargeResult(ChargeOutcome.Counted, 1, null), result);
        Assert.Equal(1, await Harness.SumLedgerAsync(user, today));
        Assert.Equal(1, (await store.ReadAsync(user)).Used);
    }

    [Fact]
    public async Task Refund_WhenChargeIsOfAnEarlierDay_LeavesTodaysCounter()
    {
        SkipWithoutDays();
        IUsageStore store = await Harness.OpenAsync();
        string user = await NewUserAsync();
        DateOnly yesterday = (await TodayAsync(store)).AddDays(-1);
        Charge old = Charges.New(user);
        await store.SettleAsync(old, UsageTerms.Default with { Day = yesterday });
        await store.SettleAsync(UsageTerms.Default, Charges.New(3, _ => user));

        RefundResult refund = await store.RefundAsync(old);

        Assert.Equal(RefundResult.Refunded, refund);
        Assert.Equal(0, await Harness.SumLedgerAsync(user, yesterday));
        Assert.Equal(3, (await store.ReadAsync(user)).Used);
        Assert.Empty(await Harness.AuditAsync([user]));
    }

    [Fact]
    public async Task Settle_WhenTableHasNoDays_CountsReplaysAndRefundsToo()
    {
        Assert.SkipWhen(Harness.ResetsDaily, "Counters have days here.");
        IUsageStore store = await Harness.OpenAsync();
        string user = await NewUserAsync();
        Charge old = Charges.New(user, amount: 2);

        ChargeResult result = await store.SettleAsync(old, UsageTerms.Default with { Day = (await TodayAsync(store)).AddDays(-1) });
        await store.SettleAsync(Charges.New(user));

        Assert.Equal(new ChargeResult(ChargeOutcome.Counted, 2, null), result);
        Assert.Equal(RefundResult.Refunded, await store.RefundAsync(old));
        Assert.Equal(1, (await store.ReadAsync(user)).Used);
    }

    // The two zones are 26 hours apart: their days always differ.
    [Theory]
    [InlineData("Pacific/Kiritimati")]
    [InlineData("Etc/GMT+12")]
    [InlineData("America/Havana")]
    [InlineData("Europe/Vienna")]
    [InlineData("UTC")]
    public async Task Settle_WhenZoneIsNotUtc_CountsOnTheZonesDay(string zone)
    {
        var terms = new UsageTerms(null, zone);
        IUsageStore store = await Harness.OpenAsync(terms);
        string user = await NewUserAsync();
        var info = TimeZoneInfo.FindSystemTimeZoneById(zone);

        UsageReading reading = await store.ReadAsync(user, terms);
        await store.SettleAsync(Charges.New(user), terms);

        Assert.Equal(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(reading.Now, info).DateTime), reading.Day);
        Assert.Equal(reading.Day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeZoneInfo.ConvertTime(reading.ResetsAt, info).DateTime);
        Assert.Equal(TimeSpan.Zero, reading.ResetsAt.Offset);
        Assert.Equal(1, await Harness.SumLedgerAsync(user, reading.Day));
        Assert.Equal(1, (await store.ReadAsync(user, terms)).Used);
    }

    [Theory]
    [InlineData("Middle/Earth")]
    [InlineData("Foo+1")]
    public async Task Initialize_WhenZoneIsUnknown_NamesIt(string zone)
    {
        UsageStoreException failure = await Assert.ThrowsAsync<UsageStoreException>(() => Harness.OpenAsync(new UsageTerms(null, zone)));

        Assert.Contains($"'{zone}'", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<DateOnly> TodayAsync(IUsageStore store) => (await store.ReadAsync("00000000-0000-0000-0000-000000000000")).Day;

    private void SkipWithoutDays()
    {
        Assert.SkipUnless(Harness.ResetsDaily, "Counters have no days here.");
        Assert.SkipUnless(Harness.CanSetCounters, "Counters cannot be set from outside here.");
    }
}
