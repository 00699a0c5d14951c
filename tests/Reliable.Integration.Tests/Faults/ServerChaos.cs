using Npgsql;
using Reliable.Servers;

namespace Reliable.Faults;

/// <summary>
/// Breaks one thing after the other, at random: connections, sessions, processes of the server, and now and then the server itself. How fast goes by the
/// charges that are made, so that a slow machine meets as many faults as a fast one, and no more.
/// </summary>
internal sealed class ServerChaos(FaultCluster cluster, FaultProxy proxy, Func<long> charges, int seed)
{
    private const int ChargesPerFault = 1_000;
    private const int CrashEvery = 25;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private readonly Random _random = new(seed);

    public int Faults { get; private set; }

    public int Crashes { get; private set; }

    /// <summary>Goes on until it is cancelled; what was begun is ended, and the server is up when this returns.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(s_pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (charges() < (long)Faults * ChargesPerFault)
                continue;
            Faults++;
            if (Faults % CrashEvery == 0)
                await CrashAsync();
            else
                await BreakSomethingAsync();
        }
    }

    private async Task CrashAsync()
    {
        Crashes++;
        await cluster.Server.CrashAsync();
    }

    private async Task BreakSomethingAsync()
    {
        switch (_random.Next(10))
        {
            case 0:
                proxy.CutAll();
                break;
            case 1 or 2:
                await TryAsync(() => cluster.TerminateAsync("random() < 0.5"));
                break;
            case 3 or 4:
                await TryAsync(FreezeAsync);
                break;
            case 5:
                proxy.Delay = TimeSpan.FromMilliseconds(_random.Next(1, 20));
                await Task.Delay(100);
                proxy.Delay = TimeSpan.Zero;
                break;
            case 6:
                proxy.HoldReplies();
                await Task.Delay(_random.Next(20, 200));
                proxy.Release();
                break;
            default:
                proxy.BreakNext((ProxyFault)_random.Next(5));
                break;
        }
    }

    private async Task FreezeAsync()
    {
        if (await cluster.FindBackendAsync() is not { } process)
            return;
        await PostgresCluster.SignalAsync(process, "STOP");
        await Task.Delay(150);
        await PostgresCluster.SignalAsync(process, "CONT");
    }

    // What the fault before left behind may keep this one from happening: a connection refused, a process that is gone.
    private static async Task TryAsync(Func<Task> fault)
    {
        try
        {
            await fault();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
        }
    }
}
