using Reliable.Servers;

namespace Reliable.Faults;

/// <summary>A server whose sessions are ended, whose processes are frozen and killed, and which crashes and restarts.</summary>
public sealed class ServerFaultTests(FaultCluster cluster) : IClassFixture<FaultCluster>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Load_WhenSessionsAreTerminated_IsCountedAsCallersWereTold(bool isMapped) => RunAsync(new FaultSetup { IsMapped = isMapped }, async _ =>
    {
        for (int i = 0; i < 5; i++)
        {
            await cluster.TerminateAsync("random() < 0.5");
            await Task.Delay(30);
        }
    });

    [Theory]
    [InlineData(false, 150, 10)]
    [InlineData(true, 150, 10)]
    [InlineData(true, 2_500, 1)]
    public Task Load_WhenABackendIsFrozen_IsCountedAsCallersWereTold(bool isMapped, int frozenMs, int commandTimeoutSeconds)
        => RunAsync(new FaultSetup { IsMapped = isMapped, CommandTimeout = TimeSpan.FromSeconds(commandTimeoutSeconds) }, async _ =>
        {
            int process = await FindBackendAsync();
            await PostgresCluster.SignalAsync(process, "STOP");
            await Task.Delay(frozenMs);
            await PostgresCluster.SignalAsync(process, "CONT");
        });

    [Theory]
    [InlineData(false, CommitMode.Awaited)]
    [InlineData(true, CommitMode.Awaited)]
    [InlineData(true, CommitMode.Deferred)]
    public Task Load_WhenServerCrashes_IsCountedAsCallersWereTold(bool isMapped, CommitMode mode)
        => RunAsync(new FaultSetup { IsMapped = isMapped, Commit = mode }, _ => cluster.Server.CrashAsync());

    [Fact]
    public Task Load_WhenServerCrashesAndThereIsNoJournal_IsCountedAsCallersWereTold()
        => RunAsync(new FaultSetup { Journal = JournalMode.None }, _ => cluster.Server.CrashAsync());

    [Fact]
    public Task Load_WhenOneBackendIsKilled_IsCountedAsCallersWereTold() => RunAsync(new FaultSetup { IsMapped = true }, async _ =>
    {
        await PostgresCluster.SignalAsync(await FindBackendAsync(), "KILL");

        // The server ends all other sessions and recovers by itself.
        await Task.Delay(100);
    });

    [Fact]
    public Task Load_WhenServerRestarts_IsCountedAsCallersWereTold() => RunAsync(new FaultSetup { IsMapped = true }, async _ =>
    {
        await cluster.Server.StopServerAsync("fast");
        await cluster.Server.StartServerAsync();
    });

    [Fact]
    public async Task Dispose_WhenServerIsDown_LeavesChargesToTheNextStart()
    {
        await using FaultHarness faults = await FaultHarness.StartAsync(await cluster.CreateDatabaseAsync(), new FaultSetup { IsMapped = true });
        await cluster.Server.StopServerAsync("fast");
        try
        {
            await Task.WhenAll(faults.Tables.Users.Select(faults.ChargeAsync));
            await faults.Runtime.DisposeAsync();
        }
        finally
        {
            await cluster.Server.StartServerAsync();
        }

        await faults.RestartAsync();
        await faults.VerifyAsync(counted: faults.Tables.Users.Count);
    }

    private async Task RunAsync(FaultSetup setup, Func<FaultHarness, Task> fault)
    {
        await using FaultHarness faults = await FaultHarness.StartAsync(await cluster.CreateDatabaseAsync(), setup);
        await faults.BreakUnderLoadAsync(() => fault(faults));
        await faults.VerifyAsync();
    }

    private async Task<int> FindBackendAsync()
    {
        int? process = null;
        await Eventually.IsTrue(async () => (process = await cluster.FindBackendAsync()) is not null, "there is a session to break");
        return process!.Value;
    }
}
