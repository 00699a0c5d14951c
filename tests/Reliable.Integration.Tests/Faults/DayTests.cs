using Reliable.Servers;

namespace Reliable.Faults;

/// <summary>Midnight, by shifting the data; clocks of the application that are wrong; and rows nobody would expect.</summary>
public sealed class DayTests(PostgresServer server)
{
    private const int Calls = 64;

    [Theory]
    [InlineData(false, "- interval '1 microsecond'", 0)]
    [InlineData(true, "- interval '1 microsecond'", 0)]
    [InlineData(false, "", 777)]
    [InlineData(true, "", 777)]
    [InlineData(false, "+ interval '30 hours'", 777)]
    [InlineData(true, "+ interval '30 hours'", 777)]
    [InlineData(false, "+ interval '7000 years'", 0)]
    [InlineData(true, "+ interval '7000 years'", 0)]
    public async Task Load_WhenTheCounterIsOfAnotherDay_ResetsForwardsOnlyAndLosesNoFirstCharge(bool isMapped, string fromMidnight, long kept)
    {
        await using FaultHarness faults = await StartAsync(new FaultSetup { IsMapped = isMapped });
        string reset = $"date_trunc('day', now() AT TIME ZONE 'utc') {fromMidnight}";
        await faults.Tables.ExecuteAsync(isMapped
            ? $"UPDATE public.\"User\" SET \"requestsToday\" = '777', \"lastRequestReset\" = {reset}"
            : $"UPDATE reliable.usage SET used = 777, day = ({reset})::date");

        faults.Proxy.BreakNext(ProxyFault.CutAfterRequest);
        await Task.WhenAll(Enumerable.Range(0, Calls).Select(i => faults.ChargeAsync(faults.Tables.Users[i % 8])));
        await faults.SettleAsync();

        StoreState state = await faults.Tables.ReadAsync();
        Assert.All(state.Counters.Values, used => Assert.Equal(kept + (Calls / 8), used));
        Assert.Equal(Calls, state.Ledger!.Values.Count(static r => r.IsCounted));
    }

    [Theory]
    [InlineData(false, 24)]
    [InlineData(true, 24)]
    [InlineData(false, -24)]
    [InlineData(true, -24)]
    public async Task Load_WhenTheApplicationsClockIsWrong_CountsOnTheDatabasesDay(bool isMapped, int hours)
    {
        var clock = new ShiftedTime { Shift = TimeSpan.FromHours(hours) };
        await using FaultHarness faults = await StartAsync(new FaultSetup { IsMapped = isMapped, Time = clock, Limit = 10 });

        await Task.WhenAll(Enumerable.Range(0, Calls).Select(i => faults.Load.AskAsync(faults.Tables.Users[i % 8])));
        clock.Shift = -clock.Shift;
        await Task.WhenAll(Enumerable.Range(0, Calls).Select(i => faults.Load.AskAsync(faults.Tables.Users[i % 8])));

        await faults.VerifyAsync(counted: 80);
        Assert.Equal(0, await faults.Tables.ScalarAsync<long>(
            "SELECT count(*) FROM reliable.charge WHERE day NOT BETWEEN (now() AT TIME ZONE 'utc')::date - 1 AND (now() AT TIME ZONE 'utc')::date"));
    }

    [Fact]
    public async Task Load_WhenRowsArePoisoned_CountsThemFromZeroAndTheirNeighboursRight()
    {
        await using FaultHarness faults = await StartAsync(new FaultSetup { IsMapped = true });
        string[] poison = ["", "abc", "Infinity", "-5", "1e3", "99999999999999999999"];
        for (int i = 0; i < poison.Length; i++)
        {
            await faults.Tables.ExecuteAsync(
                "UPDATE public.\"User\" SET \"requestsToday\" = $2, \"dailyRequestLimit\" = $2, \"lastRequestReset\" = now() AT TIME ZONE 'utc' WHERE id::text = $1",
                faults.Tables.Users[i], poison[i]);
        }

        for (int i = 0; i < 4; i++)
            faults.Proxy.BreakNext((ProxyFault)i);
        await Task.WhenAll(Enumerable.Range(0, Calls).Select(i => faults.ChargeAsync(faults.Tables.Users[i % 8])));

        await faults.VerifyAsync(counted: Calls);
    }

    [Fact]
    public async Task Load_WhenOneRowCanNeverBeWritten_ParksItsChargesAndCountsTheOthers()
    {
        await using FaultHarness faults = await StartAsync(new FaultSetup { IsMapped = true });
        await faults.Tables.ExecuteAsync("ALTER TABLE public.\"User\" ALTER COLUMN \"requestsToday\" TYPE varchar(2)");
        await faults.Tables.ExecuteAsync(
            "UPDATE public.\"User\" SET \"requestsToday\" = '99', \"lastRequestReset\" = now() AT TIME ZONE 'utc' WHERE id::text = $1", faults.User);
        await faults.RestartAsync();

        await Eventually.Ends(Task.WhenAll(Enumerable.Range(0, Calls).Select(i => faults.ChargeAsync(faults.Tables.Users[i % 8]))));
        StoreState state = await faults.Tables.ReadAsync();
        Assert.All(faults.Tables.Users.Skip(1), user => Assert.Equal(Calls / 8, state.Counters[user]));
        Assert.Equal(Calls / 8, faults.Runtime.Statistics.JournaledCharges);

        // Whoever repairs the cause gets the charges with the next start.
        await faults.Tables.ExecuteAsync("ALTER TABLE public.\"User\" ALTER COLUMN \"requestsToday\" TYPE varchar");
        await faults.RestartAsync();
        await faults.SettleAsync();
        state = await faults.Tables.ReadAsync();
        Assert.Equal(99 + (Calls / 8), state.Counters[faults.User]);
        Assert.Equal(Calls, state.Ledger!.Values.Count(static r => r.IsCounted));
    }

    [Fact]
    public async Task Load_WhenUsersAreDeletedMeanwhile_GoesOnAndCountsTheOthers()
    {
        await using FaultHarness faults = await StartAsync(new FaultSetup { IsMapped = true, Users = 40 });

        await faults.BreakUnderLoadAsync(async () =>
        {
            foreach (string user in faults.Tables.Users.Take(20))
            {
                await faults.Tables.ExecuteAsync("DELETE FROM public.\"User\" WHERE id::text = $1", user);
                await Task.Delay(5);
            }
        });

        foreach (string deleted in faults.Tables.Users.Take(20))
            faults.Oracle.Forget(deleted);
        await faults.VerifyAsync();
        Assert.Equal(20, (await faults.Tables.ReadAsync()).Counters.Count);
    }

    [Fact]
    public async Task Commit_WhenTheUserIsDeletedMeanwhile_SaysSo()
    {
        await using FaultHarness faults = await StartAsync(new FaultSetup { IsMapped = true });
        UsageTransaction transaction = await faults.Runtime.Usage.BeginAsync(faults.User, TestContext.Current.CancellationToken);

        await faults.Tables.ExecuteAsync("DELETE FROM public.\"User\" WHERE id::text = $1", faults.User);
        faults.Proxy.BreakNext(ProxyFault.CutAfterRequest);

        Assert.Equal(TransactionOutcome.UnknownUser, await transaction.CommitAsync(TestContext.Current.CancellationToken));
        faults.Oracle.Tell(transaction.Id, faults.User, ToldOutcome.NotCounted);
        await faults.VerifyAsync(counted: 0);
    }

    private async Task<FaultHarness> StartAsync(FaultSetup setup) => await FaultHarness.StartAsync(await server.CreateDatabaseAsync(), setup);
}
