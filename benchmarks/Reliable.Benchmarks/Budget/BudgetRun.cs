using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;
using Reliable.Postgres;
using Reliable.Servers;

namespace Reliable.Benchmarks.Budget;

/// <summary>
/// What a call costs besides its model, from end to end against PostgreSQL: callers who ask again as soon as they are answered, so that the machine is never idle. Beside it
/// the budget, which is judged at 64 callers. The same with a new user for every call, which is more than a saturated database is ever asked for, shows what it
/// costs that begin has to read each of them.
/// </summary>
internal sealed class BudgetRun(TimeSpan duration) : IDisposable
{
    private const string KnownUsers = "1,000 users";

    private static readonly double[] s_budget = [5, 2, 20];
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(1);

    private readonly StringBuilder _report = new();
    private readonly PhaseRecorder _phases = new();
    private readonly BudgetVerdict _verdict = new();
    private long _answered;

    /// <summary>Measures and prints.</summary>
    /// <returns>1 when a 99th percentile at 64 callers is over the budget, or was not measured; see <see cref="BudgetVerdict"/>.</returns>
    public async Task<int> RunAsync(int[] callers, FileInfo? output)
    {
        await using PostgresCluster server = await PostgresCluster.StartAsync();
        string journal = Directory.CreateTempSubdirectory("reliable-budget-").FullName;
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.ConnectionString);
        await using (var reliable = ReliableRuntime.Create(
            options =>
            {
                options.Rollout.Mode = RolloutMode.On;
                options.Usage.JournalPath = journal;
            },
            new PostgresUsageStore(server.ConnectionString, new PostgresOptions())))
        {
            Write($"{Machine.Description}; PostgreSQL {await ReadAsync<string>(source, "SHOW server_version")} on the same machine, fsync {await ReadAsync<string>(source, "SHOW fsync")}\n\n");
            var assistant = new BudgetAssistant(reliable);
            foreach (int count in callers)
            {
                await MeasureAsync(assistant, count, KnownUsers, static (random, _) => $"user-{random.Next(1_000)}");
                await MeasureAsync(assistant, count, "a new user for every call", static (_, number) => $"new-{number}");
            }
        }

        Directory.Delete(journal, recursive: true);
        long counted = await ReadAsync<long>(source, "SELECT COALESCE(sum(used), 0)::bigint FROM reliable.usage");
        if (counted != _answered)
            throw new InvalidOperationException($"{_answered} calls were answered and {counted} counted.");
        Write($"{_answered:N0} answers, each counted once. ");
        Write($"{_verdict}.\n");
        if (output is not null)
            await File.WriteAllTextAsync(output.FullName, "# Budget\n\n" + _report);
        return _verdict.IsWithin ? 0 : 1;
    }

    public void Dispose() => _phases.Dispose();

    private async Task MeasureAsync(BudgetAssistant assistant, int callers, string users, Func<Random, long, string> userOf)
    {
        await CallAsync(assistant, callers, userOf, s_warmUp);
        GC.Collect();
        _phases.Start();
        var whole = new Percentiles((await CallAsync(assistant, callers, userOf, duration)).SelectMany(static list => list));
        Percentiles[] phases = _phases.Stop();

        Write($"### {callers} caller{(callers == 1 ? "" : "s")}, {users}: {whole.Count / duration.TotalSeconds:N0} calls/s\n\n");
        Write($"| | budget ms | p50 ms | p99 ms | p99.9 ms |\n|---|---:|---:|---:|---:|\n");
        for (int phase = 0; phase < phases.Length; phase++)
        {
            WriteRow(PhaseRecorder.Phases[phase], s_budget[phase], phases[phase]);
            _verdict.Phase(PhaseRecorder.Phases[phase], callers, users, areKnown: users == KnownUsers, phases[phase].At(0.99), s_budget[phase]);
        }

        WriteRow("**the whole call**", s_budget.Sum(), whole);
        _verdict.Whole(callers, users, whole.At(0.99), s_budget.Sum());
        Write($"\n");
    }

    private void WriteRow(string name, double budget, Percentiles took)
        => Write($"| {name} | {budget:0} | {took.At(0.5):0.000} | {took.At(0.99):0.000} | {took.At(0.999):0.000} |\n");

    private async Task<List<double>[]> CallAsync(BudgetAssistant assistant, int callers, Func<Random, long, string> userOf, TimeSpan time)
    {
        long end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        return await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(assistant, new Random(caller), userOf, end))));
    }

    private async Task<List<double>> CallAsync(BudgetAssistant assistant, Random random, Func<Random, long, string> userOf, long end)
    {
        var took = new List<double>(1 << 14);
        while (Stopwatch.GetTimestamp() is var since && since < end)
        {
            await assistant.AskAsync(userOf(random, Interlocked.Increment(ref _answered)));
            took.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }

        return took;
    }

    private static async Task<T> ReadAsync<T>(NpgsqlDataSource source, string sql)
    {
        await using NpgsqlCommand command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private void Write(FormattableString text)
    {
        string line = text.ToString(CultureInfo.InvariantCulture);
        _report.Append(line);
        Console.Write(line);
    }
}
