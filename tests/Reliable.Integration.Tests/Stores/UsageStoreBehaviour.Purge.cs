using Reliable.Usage;

namespace Reliable.Stores;

public abstract partial class UsageStoreBehaviour
{
    [Fact]
    public async Task Purge_WhenChargesAreOldByOneMeasure_KeepsThem()
    {
        IUsageStore store = await OpenLedgerAsync();
        StoreClock clock = await ((IUsageLedger)store).ReadClockAsync(UsageTerms.Default, TestContext.Current.CancellationToken);
        string user = await NewUserAsync();

        // How long ago by the id, in hours, and by the day.
        (double Hours, int Days)[] kept = [(0, 0), (95, 9), (96.5, 4), (96.5, 0), (900, 4), (0, 900)];
        (double Hours, int Days)[] gone = [(96.5, 5), (900, 5), (900, 900)];
        foreach ((double hours, int days) in kept.Concat(gone))
            await Harness.AddChargeAsync(new Charge(Guid.CreateVersion7(clock.Now.AddHours(-hours)), user, Charges.Counter, 1), clock.Day.AddDays(-days));

        await store.PurgeAsync(TimeSpan.FromDays(4), stepSize: 10_000);

        foreach (int days in (int[])[0, 4, 5, 9, 900])
            Assert.Equal(kept.Count(k => k.Days == days), await Harness.SumLedgerAsync(user, clock.Day.AddDays(-days)));
    }

    [Fact]
    public async Task Purge_WhenThereIsMuch_GoesInSteps()
    {
        IUsageStore store = await OpenLedgerAsync();
        StoreClock clock = await ((IUsageLedger)store).ReadClockAsync(UsageTerms.Default, TestContext.Current.CancellationToken);
        string user = await NewUserAsync();
        await store.PurgeAsync(TimeSpan.FromDays(4), stepSize: 10_000);
        for (int i = 0; i < 25; i++)
            await Harness.AddChargeAsync(new Charge(Guid.CreateVersion7(clock.Now.AddDays(-20 - i)), user, Charges.Counter, 1), clock.Day.AddDays(-20));

        List<int> steps = await store.PurgeAsync(TimeSpan.FromDays(4), stepSize: 10);

        Assert.All(steps, static deleted => Assert.InRange(deleted, 0, 10));
        Assert.Equal(25, steps.Sum());
        Assert.Equal(0, await Harness.SumLedgerAsync(user, clock.Day.AddDays(-20)));
    }
}
