using Npgsql;
using Reliable.Servers;

namespace Reliable.Faults;

/// <summary>A primary that dies, and a standby that takes its place.</summary>
public sealed class FailoverTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Load_WhenASynchronousStandbyIsPromoted_LosesNothing(bool isMapped)
    {
        await using PostgresCluster primary = await PostgresCluster.StartAsync("-c hot_standby=on");
        await using PostgresCluster standby = await primary.StartStandbyAsync();
        await using FaultHarness faults = await FaultHarness.StartAsync(
            Both(primary, standby), new FaultSetup { IsMapped = isMapped, IsDirect = true, Users = 40 });
        await faults.Tables.ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = '*'");
        await faults.Tables.ExecuteAsync("SELECT pg_reload_conf()");
        await Eventually.IsTrue(
            async () => await faults.Tables.ScalarAsync<long>("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == 1,
            "the standby is synchronous");

        await faults.BreakUnderLoadAsync(async () =>
        {
            await primary.StopServerAsync("immediate");
            await standby.PromoteAsync();
        });

        await faults.VerifyAsync();
    }

    [Fact]
    public async Task Load_WhenTheAddressMovesToTheStandby_LosesNothing()
    {
        await using PostgresCluster primary = await PostgresCluster.StartAsync("-c hot_standby=on");
        await using PostgresCluster standby = await primary.StartStandbyAsync();
        await using FaultHarness faults = await FaultHarness.StartAsync(primary.ConnectionString, new FaultSetup { IsMapped = true, Users = 40 });

        await faults.BreakUnderLoadAsync(async () =>
        {
            // A switch that was planned: the primary ends when the standby has everything.
            await primary.StopServerAsync("fast");
            faults.Proxy.ServerPort = standby.Port;
            await Task.Delay(200);
            await standby.PromoteAsync();
        });

        faults.Tables.MoveTo(standby.ConnectionString);
        await faults.VerifyAsync();
    }

    [Fact]
    public async Task Load_WhenTheStandbyLacksTheEnd_LosesExactlyThatAndCountsNothingTwice()
    {
        const int Tail = 20;
        await using PostgresCluster primary = await PostgresCluster.StartAsync("-c hot_standby=on");
        await using PostgresCluster standby = await primary.StartStandbyAsync();
        await using FaultHarness faults = await FaultHarness.StartAsync(primary.ConnectionString, new FaultSetup { IsMapped = true });
        await Task.WhenAll(faults.Tables.Users.Select(faults.ChargeAsync));
        await faults.SettleAsync();
        await Eventually.IsTrue(
            async () => await faults.Tables.ScalarAsync<long>("SELECT count(*) FROM pg_stat_replication WHERE replay_lsn = pg_current_wal_lsn()") == 1,
            "the standby has everything");

        await standby.StopServerAsync("fast");
        for (int i = 0; i < Tail; i++)
            await faults.ChargeAsync(faults.Tables.Users[i % 8]);
        await primary.StopServerAsync("immediate");
        await standby.StartServerAsync();
        await standby.PromoteAsync();
        faults.Proxy.ServerPort = standby.Port;
        faults.Tables.MoveTo(standby.ConnectionString);
        await Task.WhenAll(faults.Tables.Users.Select(faults.ChargeAsync));
        await faults.SettleAsync();

        // What an asynchronous standby never had is gone, whoever counts; but nothing else is wrong.
        OracleReport report = faults.Oracle.Judge(await faults.Tables.ReadAsync());
        Assert.Equal((Tail, 0, 0), (report.Lost, report.Doubled, report.WrongAnswers));
        Assert.Empty(await faults.Tables.AuditAsync());
    }

    private static string Both(PostgresCluster primary, PostgresCluster standby)
        => new NpgsqlConnectionStringBuilder(primary.ConnectionString) { Host = $"127.0.0.1:{primary.Port},127.0.0.1:{standby.Port}" }.ConnectionString;
}
