using System.Diagnostics;
using System.Globalization;
using System.Text;
using Reliable.Transactions;

namespace Reliable.Benchmarks.Store;

/// <summary>A million open transactions: the bytes of each, and how long the steps of a pass of expiry take. What a benchmark's mean does not show.</summary>
internal sealed class StoreRun
{
    private const int Open = 1_000_000;
    private const int TimeToLiveMs = 300_000;
    private const int Passes = 21;

    private readonly StringBuilder _report = new();

    public async Task<int> RunAsync(FileInfo? output)
    {
        Write($"{Machine.Description}\n\n### {Open:N0} open transactions\n\n| | bytes each |\n|---|---:|\n");
        foreach (StoreKind kind in Enum.GetValues<StoreKind>())
        {
            long before = GC.GetTotalMemory(forceFullCollection: true);
            var store = StoreOfTransactions.Create(kind);
            for (int i = 0; i < Open; i++)
                store.Open(0);
            Write($"| {kind} | {(GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Open:0.0} |\n");
            GC.KeepAlive(store);
        }

        Write($"\n### Passes of expiry over them, in steps of {TransactionStore.SlotsPerStep:N0} slots\n\n");
        Write($"The median of {Passes} passes. Work is the processor time of the thread{(ThreadClock.IsThere ? "" : ", which this system does not tell: here it is the clock's")}; what the clock has more, the machine spent on something else.\n\n");
        Write($"| pass | by the clock, ms | work, ms | steps | step p50, µs | p99, µs | longest, µs | the same in work, µs | longest, the best of {Passes}, µs |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        WriteRow("nothing due, every slot read", nowMs: 2, isSweptBefore: false);
        WriteRow("nothing due, segments known to be quiet", nowMs: 2, isSweptBefore: true);
        WriteRow("all due: expired", nowMs: TimeToLiveMs + 1, isSweptBefore: true);
        WriteDictionary();
        if (output is not null)
            await File.WriteAllTextAsync(output.FullName, "# Store\n\n" + _report);
        return 0;
    }

    // The median of several passes, each over a store of its own. One that was swept before knows until when its segments are quiet.
    private void WriteRow(string name, long nowMs, bool isSweptBefore)
    {
        var passes = new List<Step[]>();
        for (int pass = 0; pass < Passes; pass++)
        {
            TransactionStore store = Fill();
            if (!isSweptBefore)
            {
                // One that would have been due long ago: from here on no segment is passed over.
                store.TryBegin(new Quota("u2", "requests"), 1, 0, 1, out TransactionHandle handle);
                store.TryClaimCommit(handle, 0);
                store.Release(handle);
            }
            else
            {
                while (!store.Sweep(1, TransactionStore.SlotsPerStep).IsPassComplete)
                {
                }
            }

            passes.Add(PassOver(store, nowMs));
        }

        var sorted = new Percentiles(passes.SelectMany(static pass => pass).Select(static step => step.ClockUs));
        Step[] median = passes.OrderBy(static pass => pass.Sum(static step => step.ClockUs)).ElementAt(Passes / 2);
        double work = passes.Select(static pass => pass.Sum(static step => step.WorkUs)).Order().ElementAt(Passes / 2) / 1_000;
        double longestWork = passes.Max(static pass => pass.Max(static step => step.WorkUs));
        Write($"| {name} | {median.Sum(static step => step.ClockUs) / 1_000:0.000} | {work:0.000} | {median.Length} | {sorted.At(0.5):0.0} | {sorted.At(0.99):0.0} | {sorted.At(1):0.0} | {longestWork:0.0} | {LongestOfBest(passes):0.0} |\n");
    }

    // The same step of every pass does the same; the best of them all is what it takes when nobody interferes.
    private static double LongestOfBest(List<Step[]> passes)
        => Enumerable.Range(0, passes.Min(static pass => pass.Length)).Max(number => passes.Min(pass => pass[number].ClockUs));

    private static Step[] PassOver(TransactionStore store, long nowMs)
    {
        var steps = new List<Step>(1_024);
        SweepResult result;
        do
        {
            double work = ThreadClock.Microseconds;
            long since = Stopwatch.GetTimestamp();
            result = store.Sweep(nowMs, TransactionStore.SlotsPerStep);
            double clock = Stopwatch.GetElapsedTime(since).TotalMicroseconds;
            steps.Add(new Step(clock, ThreadClock.Microseconds - work));
        }
        while (!result.IsPassComplete);
        return [.. steps];
    }

    private void WriteDictionary()
    {
        var store = StoreOfTransactions.Create(StoreKind.ConcurrentDictionaryByLong);
        for (int i = 0; i < Open; i++)
            store.Open(0);
        store.Expire(1);
        long since = Stopwatch.GetTimestamp();
        store.Expire(2);
        double ms = Stopwatch.GetElapsedTime(since).TotalMilliseconds;
        Write($"| ConcurrentDictionary<long, class>, nothing due | {ms:0.0} | 1 | {ms * 1_000:N0} | | {ms * 1_000:N0} |\n");
    }

    private static TransactionStore Fill()
    {
        var store = new TransactionStore(TimeProvider.System);
        var quota = new Quota("u1", "requests");
        for (int i = 0; i < Open; i++)
            store.TryBegin(quota, 1, 0, TimeToLiveMs, out _);
        return store;
    }

    private readonly record struct Step(double ClockUs, double WorkUs);

    private void Write(FormattableString text)
    {
        string line = text.ToString(CultureInfo.InvariantCulture);
        _report.Append(line);
        Console.Write(line);
    }
}
