using System.Diagnostics;
using Reliable.CommitLoad.Contenders;

namespace Reliable.CommitLoad.Load;

/// <summary>Callers that commit one after the other as fast as they are answered, for a while.</summary>
internal static class LoadRound
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromMilliseconds(300);

    /// <exception cref="InvalidOperationException">What is counted is not what was acknowledged.</exception>
    public static async Task<LoadResult> RunAsync(IContender contender, LoadShape shape, IReadOnlyList<string> users, TimeSpan duration)
    {
        long before = await contender.CountAsync();
        long acknowledged = await CommitForEachAsync(contender, shape, users);
        acknowledged += (await CallAsync(contender, shape, users, s_warmUp)).Sum(static l => l.Count);
        GC.Collect();

        long bytes = GC.GetTotalAllocatedBytes();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long since = Stopwatch.GetTimestamp();
        List<long>[] latencies = await CallAsync(contender, shape, users, duration);
        double seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        bytes = GC.GetTotalAllocatedBytes() - bytes;

        await contender.DrainAsync();
        long[] all = [.. latencies.SelectMany(static l => l).Order()];
        acknowledged += all.Length;
        long counted = await contender.CountAsync() - before;
        if (counted != acknowledged)
            throw new InvalidOperationException($"'{contender.Name}' acknowledged {acknowledged} commits and counted {counted}.");
        return new LoadResult(
            all.Length / seconds, At(all, 0.50), At(all, 0.99), At(all, 1), (double)bytes / all.Length, cpu.TotalMicroseconds / all.Length);
    }

    /// <summary>
    /// One request of each user, before anything is measured: contenders take turns of a second, and users who were not seen meanwhile are no users under load.
    /// </summary>
    private static async Task<long> CommitForEachAsync(IContender contender, LoadShape shape, IReadOnlyList<string> users)
    {
        await Parallel.ForEachAsync(
            users, new ParallelOptions { MaxDegreeOfParallelism = shape.Callers }, async (user, _) => await contender.CommitAsync(user));
        return users.Count;
    }

    private static async Task<List<long>[]> CallAsync(IContender contender, LoadShape shape, IReadOnlyList<string> users, TimeSpan duration)
    {
        long end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        return await Task.WhenAll(Enumerable.Range(0, shape.Callers).Select(caller => Task.Run(() => CallAsync(contender, users, caller, end))));
    }

    private static async Task<List<long>> CallAsync(IContender contender, IReadOnlyList<string> users, int seed, long end)
    {
        var random = new Random(seed);
        var latencies = new List<long>(1 << 16);
        for (long since = Stopwatch.GetTimestamp(); since < end;)
        {
            await contender.CommitAsync(users[random.Next(users.Count)]);
            long now = Stopwatch.GetTimestamp();
            latencies.Add(now - since);
            since = now;
        }

        return latencies;
    }

    private static double At(long[] sorted, double share)
        => sorted.Length == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Length - 1, Math.Ceiling(sorted.Length * share) - 1)] * 1000.0 / Stopwatch.Frequency;
}
