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
            Cost cost = await Cost.OfAsync(() => AskMixedAsync(model, users, Calls), Calls);
            string collections = $"{GC.CollectionCount(0)}/{GC.CollectionCount(1)}/{GC.CollectionCount(2)}";
            Write($"| {million},000,000 | {cost.Ns:N0} | {cost.Bytes:N0} | {GC.GetTotalMemory(forceFullCollection: true) / 1024:N0} | {Environment.WorkingSet >> 20} | {collections} |\n");
        }

        Write($"\nTransactions open at the end: {reliable.Statistics.ActiveTransactions}.\n\n");
    }

    private async Task RunUsersAsync()
    {
        Write($"### By the number of users\n\nEvery user known, calls in an order without one. Counts are recent, or older than five seconds: then each call reads its user's from the store, which is in memory here.\n");
        Write($"The clock is one that stands still, which takes 30 ns more a call than the system's. Bare: a look-up in a `ConcurrentDictionary` of these users and an addition.\n\n");
        Write($"| users | recent, ns a call | bare, ns | read again, ns a call | of which collections, ns | bytes a call | bytes a known user |\n|---:|---:|---:|---:|---:|---:|---:|\n");
        foreach (int count in s_sizes)
            Write(await UserGrowth.MeasureAsync(UsersOf(count)));
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
            Cost cost = await Cost.OfAsync(() => AskAsync(model, users, Calls), Calls);
            Write($"| {count:N0} | {cost.Ns:N0} |\n");
            GC.KeepAlive(open);
        }

        Write($"\n");
    }

    private static ReliableRuntime Create() => ReliableRuntime.Create(static options => options.Rollout.Mode = RolloutMode.On);

    private static string[] UsersOf(int count) => [.. Enumerable.Range(0, count).Select(static _ => Guid.NewGuid().ToString())];

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
