using System.Diagnostics;
using System.Globalization;
using Reliable.Servers;

namespace Reliable.Faults;

/// <summary>
/// Many charges while everything breaks: 100,000 in every build, or as many as <c>RELIABLE_TEST_SOAK</c> says.
/// </summary>
public abstract class SoakBehaviour(FaultCluster cluster, ITestOutputHelper output) : IClassFixture<FaultCluster>
{
    private const int Users = 200;
    private const int Callers = 64;

    protected static int Charges => Environment.GetEnvironmentVariable("RELIABLE_TEST_SOAK") is { Length: > 0 } charges
        ? int.Parse(charges, CultureInfo.InvariantCulture)
        : 100_000;

    /// <summary>A limit that a tenth of the calls run into.</summary>
    protected static long TightLimit => Charges / Users * 8 / 10;

    private protected async Task SoakAsync(FaultSetup setup)
    {
        await using FaultHarness faults = await FaultHarness.StartAsync(await cluster.CreateDatabaseAsync(), setup with { Users = Users });
        ChargeLoad load = faults.Load;
        var chaos = new ServerChaos(cluster, faults.Proxy, () => load.Begun, setup.Seed);
        var watch = new AuditWatch(faults.Tables, setup.Limit);
        using var stop = new CancellationTokenSource();
        faults.Proxy.FaultRate = 0.02;
        long since = Stopwatch.GetTimestamp();

        Task breaking = Task.Run(() => chaos.RunAsync(stop.Token), TestContext.Current.CancellationToken);
        Task watching = Task.Run(() => watch.RunAsync(stop.Token), TestContext.Current.CancellationToken);
        await load.RunAsync(Charges, Callers);
        await stop.CancelAsync();
        await breaking;
        long stopped = Stopwatch.GetTimestamp();
        await faults.VerifyAsync();
        await watching;

        output.WriteLine(
            $"Seed {setup.Seed}: {faults.Oracle.Counted} counted, {faults.Oracle.Denied} denied, {chaos.Faults} faults, {faults.Proxy.Faults} at requests, "
            + $"{chaos.Crashes} crashes, {watch.Looks} looks in {Stopwatch.GetElapsedTime(since, stopped).TotalSeconds:0.0} s; "
            + $"settled and judged in {Stopwatch.GetElapsedTime(stopped).TotalSeconds:0.0} s.");
        Assert.Empty(watch.Findings);
        Assert.True(watch.Looks > 0 && chaos.Crashes > 0 && faults.Proxy.Faults > 0, $"Too little happened (seed {setup.Seed}).");
    }
}
