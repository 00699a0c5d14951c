using System.Globalization;
using System.Text;
using Reliable.Usage;

namespace Reliable.Benchmarks.Growth;

/// <summary>Whether a call costs the same after ten million of them, with a million users, and with a million transactions open. Processor time; counters in memory.</summary>
internal sealed class GrowthRun
{
    private const int Calls = 1_000_000;

    private static readonly int[] s_sizes = [1, 64, 10_000, 100_000, 1_000_000];

    private readonly StringBuilder _report = new();

    public async Task<int> RunAsync(int millions, FileInfo? output)
    {
        Write($"{Machine.Description}\n\n");
        await RunAgesAsync(millions);
        await RunUsersAsync();
        await RunOpenAsync();
        if (output is not null)
            await File.WriteAllTextAsync(output.FullName, "# Growth\n\n" + _report);
        return 0;
    }

    private async Task RunAgesAsync(int millions)
    {
        Write($"### From the first call to the {millions:N0} millionth in one process\n\n");
        Write($"1,000 users; of 1,000 answers 100 are waited for, 10 are empty at first, and one stays so: a retry, four attempts and an exception.\n\n");
        Write($"| calls | ns a call | bytes a call | managed memory after a collection, KB | process, MB | collections 0/1/2 |\n|---:|---:|---:|---:|---:|---|\n");
        await using ReliableRuntime reliable = Create();
        var model = new GrowthModel(reliable);
        string[] users = UsersOf(1_000);
        await AskMixedAsync(model, users, 100_000);
        for (int million = 1; million <= millions; million++)
        {
            long bytes = GC.GetTotalAllocatedBytes();
            double cost = await CostAsync(() => AskMixedAsync(model, users, Calls));
            bytes = (GC.GetTotalAllocatedBytes() - bytes) / Calls;
            string collections = $"{GC.CollectionCount(0)}/{GC.CollectionCount(1)}/{GC.CollectionCount(2)}";
            Write($"| {million},000,000 | {cost:N0} | {bytes} | {GC.GetTotalMemory(forceFullCollection: true) / 1024:N0} | {Environment.WorkingSet >> 20} | {collections} |\n");
        }

        Write($"\nTransactions open at the end: {reliable.Statistics.ActiveTransactions}.\n\n");
    }

    private async Task RunUsersAsync()
    {
        Write($"### By the number of users\n\nEvery user known, calls in an order without one.\n\n| users | ns a call | bytes a known user |\n|---:|---:|---:|\n");
        foreach (int count in s_sizes)
        {
            await using ReliableRuntime reliable = Create();
            var model = new GrowthModel(reliable);
            string[] users = UsersOf(count);
            long before = GC.GetTotalMemory(forceFullCollection: true);
            await AskAsync(model, users, count);
            long bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / count;
            Random.Shared.Shuffle(users);
            await AskAsync(model, users, Calls);
            double cost = await CostAsync(() => AskAsync(model, users, Calls));
            string known = count < 10_000 ? "" : bytes.ToString("N0", CultureInfo.InvariantCulture);
            Write($"| {count:N0} | {cost:N0} | {known} |\n");
        }

        Write($"\n");
    }

    private async Task RunOpenAsync()
    {
        Write($"### By the number of transactions that are open beside\n\n1,000 users.\n\n| open | ns a call |\n|---:|---:|\n");
        foreach (int count in s_sizes)
        {
            await using ReliableRuntime reliable = Create();
            var model = new GrowthModel(reliable);
            string[] users = UsersOf(1_000);
            var open = new UsageTransaction[count];
            for (int i = 0; i < count; i++)
                open[i] = await reliable.Usage.BeginAsync(users[i % users.Length]);
            await AskAsync(model, users, Calls);
            double cost = await CostAsync(() => AskAsync(model, users, Calls));
            Write($"| {count:N0} | {cost:N0} |\n");
            GC.KeepAlive(open);
        }

        Write($"\n");
    }

    private static ReliableRuntime Create() => ReliableRuntime.Create(static options => options.Rollout.Mode = RolloutMode.On);

    private static string[] UsersOf(int count) => [.. Enumerable.Range(0, count).Select(static _ => Guid.NewGuid().ToString())];

    private static async Task<double> CostAsync(Func<Task> run)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        await run();
        return (Environment.CpuUsage.TotalTime - before).TotalNanoseconds / Calls;
    }

    private static async Task AskAsync(GrowthModel model, string[] users, int calls)
    {
        for (int i = 0; i < calls; i++)
            await model.AskAsync(users[i % users.Length]);
    }

    private static async Task AskMixedAsync(GrowthModel model, string[] users, int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            try
            {
                await model.AskMixedAsync(users[i % users.Length], i);
            }
            catch (RetriesExhaustedException)
            {
                // One of a thousand.
            }
        }
    }

    private void Write(FormattableString text)
    {
        string line = text.ToString(CultureInfo.InvariantCulture);
        _report.Append(line);
        Console.Write(line);
    }
}
