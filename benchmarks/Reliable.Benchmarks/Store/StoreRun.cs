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
        Write($"{Passes} passes, each over a store of its own: the median of the passes, and the steps of all of them. A step that is the same in each of them does the same each time; the best\n");
        Write($"of its {Passes} times is what it takes when the machine does nothing else in between. In the last column but one these are added up, in the last is the longest of them.\n\n");
        Write($"| pass | all of it, ms | steps | step p50, µs | p99, µs | longest, µs | the best of each step, ms | the longest of these, µs |\n|---|---:|---:|---:|---:|---:|---:|---:|\n");
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
        var passes = new List<double[]>();
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

        var sorted = new Percentiles(passes.SelectMany(static pass => pass));
        double[] median = passes.OrderBy(static pass => pass.Sum()).ElementAt(Passes / 2);
        double[] best = [.. Enumerable.Range(0, passes.Min(static pass => pass.Length)).Select(step => passes.Min(pass => pass[step]))];
        Write($"| {name} | {median.Sum() / 1_000:0.000} | {median.Length} | {sorted.At(0.5):0.0} | {sorted.At(0.99):0.0} | {sorted.At(1):0.0} | {best.Sum() / 1_000:0.000} | {best.Max():0.0} |\n");
    }

    // The microseconds of each step.
    private static double[] PassOver(TransactionStore store, long nowMs)
    {
        var steps = new List<double>(1_024);
        SweepResult result;
        do
        {
            long since = Stopwatch.GetTimestamp();
            result = store.Sweep(nowMs, TransactionStore.SlotsPerStep);
            steps.Add(Stopwatch.GetElapsedTime(since).TotalMicroseconds);
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
        Write($"| ConcurrentDictionary<long, class>, nothing due | {ms:0.0} | 1 | {ms * 1_000:N0} | | {ms * 1_000:N0} | | |\n");
    }

    private static TransactionStore Fill()
    {
        var store = new TransactionStore(TimeProvider.System);
        var quota = new Quota("u1", "requests");
        for (int i = 0; i < Open; i++)
            store.TryBegin(quota, 1, 0, TimeToLiveMs, out _);
        return store;
    }

    private void Write(FormattableString text)
    {
        string line = text.ToString(CultureInfo.InvariantCulture);
        _report.Append(line);
        Console.Write(line);
    }
}
