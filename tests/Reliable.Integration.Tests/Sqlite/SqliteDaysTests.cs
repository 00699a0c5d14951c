using System.Globalization;
using Reliable.Stores;
using Reliable.Usage;

namespace Reliable.Sqlite;

public sealed class SqliteDaysTests
{
    [Fact]
    public async Task Settle_WhenMidnightPassesInTheZone_StartsANewCount()
    {
        var terms = new UsageTerms(2, "Europe/Vienna");
        var time = new ManualTime("2026-03-28T22:59:59.9999999Z");
        await using var harness = new SqliteHarness();
        IUsageStore store = await harness.OpenAsync(time, terms);

        ChargeResult[] before = await store.SettleAsync(terms, Charges.New(3, static _ => "u"));
        UsageReading readBefore = await store.ReadAsync("u", terms);
        time.Now = "2026-03-28T23:00:00Z";
        UsageReading readAfter = await store.ReadAsync("u", terms);
        ChargeResult after = await store.SettleAsync(Charges.New("u"), terms);

        Assert.Equal([ChargeOutcome.Counted, ChargeOutcome.Counted, ChargeOutcome.LimitReached], before.Outcomes());
        Assert.Equal((2, new DateOnly(2026, 3, 28), At("2026-03-28T23:00:00Z")), (readBefore.Used, readBefore.Day, readBefore.ResetsAt));

        // The clocks go forward in this night: the day has 23 hours.
        Assert.Equal((0, new DateOnly(2026, 3, 29), At("2026-03-29T22:00:00Z")), (readAfter.Used, readAfter.Day, readAfter.ResetsAt));
        Assert.Equal(new ChargeResult(ChargeOutcome.Counted, 1, 2), after);
    }

    [Fact]
    public async Task Settle_WhenClockGoesBackOverMidnight_KeepsTheDay()
    {
        var time = new ManualTime("2026-05-02T00:00:01Z");
        await using var harness = new SqliteHarness();
        IUsageStore store = await harness.OpenAsync(time);
        await store.SettleAsync(UsageTerms.Default, Charges.New(3, static _ => "u"));

        time.Now = "2026-05-01T23:59:00Z";

        Assert.Equal(3, (await store.ReadAsync("u")).Used);
        Assert.Equal(4, (await store.SettleAsync(Charges.New("u"))).Used);
        Assert.Equal(4, await harness.SumLedgerAsync("u", new DateOnly(2026, 5, 2)));
    }

    // Where clocks are set over midnight, a day begins an hour late, or its midnight comes twice.
    [Theory]
    [InlineData("2026-11-01", "America/Havana", "2026-11-01T04:00:00Z")]
    [InlineData("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z")]
    [InlineData("2026-10-25", "Europe/Vienna", "2026-10-24T22:00:00Z")]
    [InlineData("2026-10-26", "Europe/Vienna", "2026-10-25T23:00:00Z")]
    [InlineData("2026-06-01", "Asia/Kathmandu", "2026-05-31T18:15:00Z")]
    public void StartOf_WhenZoneHasItsOwnMidnight_IsTheFirstMomentOfTheDay(string day, string zone, string expected)
        => Assert.Equal(At(expected), SqliteDays.StartOf(DateOnly.Parse(day, CultureInfo.InvariantCulture), zone));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
