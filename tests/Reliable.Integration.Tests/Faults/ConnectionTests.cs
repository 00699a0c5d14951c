using Npgsql;
using Reliable.Servers;

namespace Reliable.Faults;

/// <summary>No connection to be had: from the application's pool, or from the server.</summary>
public sealed class ConnectionTests(SmallCluster cluster) : IClassFixture<SmallCluster>
{
    [Fact]
    public async Task Load_WhenTheApplicationsPoolIsExhausted_IsNotKeptWaiting()
    {
        await using FaultHarness faults = await FaultHarness.StartAsync(await cluster.CreateDatabaseAsync(), new FaultSetup { IsMapped = true });
        var settings = new NpgsqlConnectionStringBuilder(faults.ConnectionString) { MaxPoolSize = 1, Timeout = 1 };
        await using var pool = NpgsqlDataSource.Create(settings.ConnectionString);
        await using NpgsqlConnection held = await pool.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await pool.OpenConnectionAsync(TestContext.Current.CancellationToken));

        await Eventually.Ends(faults.Load.RunAsync(500, callers: 64));

        await faults.VerifyAsync();
    }

    [Theory]
    [InlineData(JournalMode.ProcessCrash)]
    [InlineData(JournalMode.None)]
    public async Task Load_WhenTheServerHasNoConnectionLeft_IsCountedAsCallersWereTold(JournalMode journal)
    {
        await using FaultHarness faults = await FaultHarness.StartAsync(
            await cluster.CreateDatabaseAsync(), new FaultSetup { IsMapped = true, Journal = journal, Limit = 1_000 });
        List<NpgsqlConnection> crowd = [];

        await faults.BreakUnderLoadAsync(async () =>
        {
            await cluster.TerminateAsync("application_name = 'Reliable'");
            await TakeAllAsync(faults, crowd);
            await Task.Delay(1_500);
            foreach (NpgsqlConnection connection in crowd)
                await connection.DisposeAsync();
        });

        Assert.NotEmpty(crowd);
        await faults.VerifyAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Begin_WhenIdleConnectionsWereKilled_StillReadsALimitItDoesNotKnow(bool isMapped)
    {
        await using FaultHarness faults = await FaultHarness.StartAsync(await cluster.CreateDatabaseAsync(), new FaultSetup { IsMapped = isMapped, Limit = 3 });
        await using ReliableRuntime other = faults.CreateRuntime();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => other.Usage.GetUsageAsync(faults.User).AsTask()));

        for (int i = 1; i < faults.Tables.Users.Count; i++)
        {
            await cluster.TerminateAsync("application_name = 'Reliable'");
            string user = faults.Tables.Users[i];
            bool[] allowed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TryBeginAsync(other, user)));
            Assert.Equal(3, allowed.Count(static a => a));
        }
    }

    private static async Task<bool> TryBeginAsync(ReliableRuntime runtime, string user)
    {
        try
        {
            await runtime.Usage.BeginAsync(user);
            return true;
        }
        catch (UsageLimitExceededException)
        {
            return false;
        }
    }

    private static async Task TakeAllAsync(FaultHarness faults, List<NpgsqlConnection> crowd)
    {
        try
        {
            while (true)
                crowd.Add(await faults.Tables.OpenAsync());
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.TooManyConnections)
        {
        }
    }
}
