using Reliable.Servers;

namespace Reliable.Faults;

/// <summary>A normal stop while thousands of charges are queued.</summary>
public sealed class ShutdownTests(PostgresServer server)
{
    private const int Charges = 10_000;

    [Theory]
    [InlineData(CommitMode.Awaited, false)]
    [InlineData(CommitMode.Deferred, false)]
    [InlineData(CommitMode.Awaited, true)]
    [InlineData(CommitMode.Deferred, true)]
    public async Task Dispose_WhenThousandsAreQueued_LosesNothing(CommitMode mode, bool meetsFaults)
    {
        await using FaultHarness faults = await FaultHarness.StartAsync(
            await server.CreateDatabaseAsync(), new FaultSetup { IsMapped = true, Users = 50, Commit = mode });
        var open = new UsageTransaction[Charges];
        for (int i = 0; i < Charges; i++)
            open[i] = await faults.Runtime.Usage.BeginAsync(faults.Tables.Users[i % 50], TestContext.Current.CancellationToken);

        faults.Proxy.HoldRequests();
        Task<ToldOutcome>[] commits = [.. open.Select(static transaction => Task.Run(() => ChargeLoad.CommitAsync(transaction)))];
        await Eventually.IsTrue(() => faults.Runtime.Statistics.PendingCharges == Charges, "everything is queued");
        for (int i = 0; meetsFaults && i < 12; i++)
            faults.Proxy.BreakNext((ProxyFault)(i % 4));
        faults.Proxy.Release();
        await faults.Runtime.DisposeAsync();
        ToldOutcome[] told = await Task.WhenAll(commits);
        for (int i = 0; i < Charges; i++)
            faults.Oracle.Tell(open[i].Id, open[i].UserId, told[i]);
        faults.Proxy.Calm();

        Assert.All(told, static outcome => Assert.Equal(ToldOutcome.Counted, outcome));
        await faults.RestartAsync();
        await faults.VerifyAsync(counted: Charges);
    }
}
