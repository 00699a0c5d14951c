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
        Write($"| pass | all of it, ms | steps | step p50, µs | p99, µs | longest, µs |\n|---|---:|---:|---:|---:|---:|\n");
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
        var passes = new List<(double Ms, int Steps)>();
        var steps = new List<double>();
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

            int count = 0;
            double whole = 0;
            SweepResult result;
            do
            {
                long since = Stopwatch.GetTimestamp();
                result = store.Sweep(nowMs, TransactionStore.SlotsPerStep);
                double step = Stopwatch.GetElapsedTime(since).TotalMicroseconds;
                steps.Add(step);
                whole += step / 1_000;
                count++;
            }
            while (!result.IsPassComplete);
            passes.Add((whole, count));
        }

        var sorted = new Percentiles(steps);
        (double ms, int number) = passes.OrderBy(static p => p.Ms).ElementAt(Passes / 2);
        Write($"| {name} | {ms:0.000} | {number} | {sorted.At(0.5):0.0} | {sorted.At(0.99):0.0} | {sorted.At(1):0.0} |\n");
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

    private void Write(FormattableString text)
    {
        string line = text.ToString(CultureInfo.InvariantCulture);
        _report.Append(line);
        Console.Write(line);
    }
}
