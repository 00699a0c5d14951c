using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Reliable.Servers;

namespace Reliable.Faults;

/// <summary>Processes that serve calls and are killed, two at a time on the same users, again and again.</summary>
public sealed class KillTests(PostgresServer server, ITestOutputHelper output)
{
    private const int Processes = 2;
    private const int Users = 20;

    [Fact(Explicit = true)]
    public Task Child_WhenStarted_AnswersUntilItIsKilled() => ServingChild.FromEnvironment().ServeAsync();

    [Fact]
    public async Task Answers_WhenTheirProcessesAreKilled_AreCountedOnceAfterTheNextStart()
    {
        await using FaultTables tables = await FaultTables.CreateAsync(await server.CreateDatabaseAsync(), isMapped: true, Users);
        int left = await RunAsync(seed => FaultProxy.Start(tables.ConnectionString, seed), tables.ConnectionString, tables.Users, kills: 10, tables.ReadAsync);

        Assert.True(left > 0, "No process left anything in its journal: the test has shown nothing of it.");
        Assert.Empty(await tables.AuditAsync());
    }

    [Fact]
    public async Task Answers_WhenTheirProcessesShareAFileAndAreKilled_AreCountedOnceAfterTheNextStart()
    {
        string directory = Directory.CreateTempSubdirectory("reliable-killed-").FullName;
        string file = Path.Combine(directory, "usage.db");
        try
        {
            string[] users = [.. Enumerable.Range(0, Users).Select(static i => $"user-{i}")];
            await RunAsync(proxy: null, file, users, kills: 3, () => SqliteTables.ReadAsync(file));
            Assert.Equal("ok", SqliteTables.Scalar(file, "PRAGMA integrity_check"));
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(directory, recursive: true);
        }
    }

    private async Task<int> RunAsync(
        Func<int, FaultProxy>? proxy, string store, IReadOnlyList<string> users, int kills, Func<Task<StoreState>> read)
    {
        string root = Directory.CreateTempSubdirectory("reliable-killed-").FullName;
        int seed = new FaultSetup().Seed;
        try
        {
            ServingChild[] children = [.. Enumerable.Range(0, Processes)
                .Select(i => new ServingChild(store, Directory.CreateDirectory(Path.Combine(root, $"{i}")).FullName, users))];
            int[] left = await Task.WhenAll(children.Select(async (child, i) =>
            {
                await using FaultProxy? broken = proxy?.Invoke(seed + i);
                if (broken is not null)
                    broken.FaultRate = 0.02;
                return await KillAsync(broken is null ? child : child with { Store = broken.ConnectionString }, broken, kills, new Random(seed + i));
            }));

            var oracle = new ExactlyOnceOracle();
            foreach (ServingChild child in children)
            {
                await ReplayAsync(child);
                child.Tell(oracle);
            }

            OracleReport report = oracle.Judge(await read());
            output.WriteLine($"Seed {seed}: {oracle.Counted} answers, {Processes * kills} kills, {left.Sum()} of them left charges in a journal.");
            Assert.True(report.IsClean, $"Seed {seed}: {report}");
            return left.Sum();
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    // Every other kill comes while the database is silent, so that answers leave with their charges in the journal.
    private static async Task<int> KillAsync(ServingChild child, FaultProxy? proxy, int kills, Random random)
    {
        int left = 0;
        for (int i = 0; i < kills; i++)
        {
            using Process process = child.Start(typeof(KillTests), nameof(Child_WhenStarted_AnswersUntilItIsKilled));
            var answers = new FileInfo(child.LogOf(process.Id, answers: true));
            await Eventually.IsTrue(
                () =>
                {
                    Assert.False(process.HasExited, "A child ended by itself.");
                    answers.Refresh();
                    return answers.Exists && answers.Length >= 32 * AnswerLog.RecordSize;
                },
                "the child answers");
            if (i % 2 == 0)
                proxy?.HoldReplies();
            await Task.Delay(random.Next(i % 2 == 0 ? 350 : 150, 600));
            process.Kill();
            await process.WaitForExitAsync();
            proxy?.Release();
            left += Directory.GetFiles(child.JournalPath, "*.journal").Any(static file => new FileInfo(file).Length > 0) ? 1 : 0;
        }

        return left;
    }

    private static async Task ReplayAsync(ServingChild child)
    {
        await using (ReliableRuntime runtime = child.CreateRuntime())
        {
            await FaultHarness.LearnAsync(runtime, child.Users[0]);
            await Eventually.IsTrue(
                () => runtime.Statistics is { PendingCharges: 0, JournaledCharges: 0 } && Directory.GetFiles(child.JournalPath, "*.journal").Length == 1,
                "the journals are taken over and replayed");
        }

        Assert.Empty(Directory.GetFiles(child.JournalPath, "*.journal"));
    }
}
