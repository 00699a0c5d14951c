namespace Reliable.Benchmarks.Growth;

/// <summary>What one of many calls took.</summary>
/// <param name="Ns">Processor time, of all threads.</param>
/// <param name="PausedNs">How long of it the collector had stopped the process.</param>
/// <param name="Bytes">What was allocated.</param>
internal readonly record struct Cost(double Ns, double PausedNs, double Bytes)
{
    public static Cost Of(Action run, int calls) => OfAsync(
        () =>
        {
            run();
            return Task.CompletedTask;
        },
        calls).GetAwaiter().GetResult();

    public static async Task<Cost> OfAsync(Func<Task> run, int calls)
    {
        GC.Collect();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        TimeSpan paused = GC.GetTotalPauseDuration();
        long bytes = GC.GetTotalAllocatedBytes();
        await run();
        return new Cost(
            (Environment.CpuUsage.TotalTime - processor).TotalNanoseconds / calls,
            (GC.GetTotalPauseDuration() - paused).TotalNanoseconds / calls,
            (GC.GetTotalAllocatedBytes() - bytes) / (double)calls);
    }
}
