using Reliable.Servers;

namespace Reliable.Faults;

/// <summary>Connections that break in every way, one fault at a time.</summary>
public sealed class ProxyFaultTests(PostgresServer server)
{
    public static TheoryData<int, bool, CommitMode> Faults
    {
        get
        {
            var data = new TheoryData<int, bool, CommitMode>();
            foreach (ProxyFault fault in Enum.GetValues<ProxyFault>())
            {
                data.Add((int)fault, false, CommitMode.Awaited);
                data.Add((int)fault, true, CommitMode.Awaited);
                data.Add((int)fault, true, CommitMode.Deferred);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Commit_WhenItsRequestMeetsAFault_CountsOnce(int fault, bool isMapped, CommitMode mode)
    {
        await using FaultHarness faults = await StartAsync(new FaultSetup { IsMapped = isMapped, Commit = mode });
        await faults.ChargeAsync();
        await faults.SettleAsync();

        for (int i = 0; i < 5; i++)
        {
            faults.Proxy.BreakNext((ProxyFault)fault);
            await faults.ChargeAsync();
        }

        await Eventually.IsTrue(() => faults.Proxy.HasBrokenAll, "every fault happened");
        await faults.SettleAsync();
        await faults.ChargeAsync();
        await faults.VerifyAsync(counted: 7);
        Assert.Equal(5, faults.Proxy.Faults);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Load_WhenRequestsMeetFaults_IsCountedAsCallersWereTold(int fault, bool isMapped, CommitMode mode)
    {
        await using FaultHarness faults = await StartAsync(new FaultSetup { IsMapped = isMapped, Commit = mode, Limit = 40 });

        Task running = faults.Load.RunAsync(600, callers: 32);
        for (int i = 0; i < 8; i++)
        {
            faults.Proxy.BreakNext((ProxyFault)fault);
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }

        await Eventually.Ends(running);
        await faults.VerifyAsync();
        Assert.True(faults.Proxy.Faults > 0);
    }

    private async Task<FaultHarness> StartAsync(FaultSetup setup)
        => await FaultHarness.StartAsync(await server.CreateDatabaseAsync(), setup);
}
