using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Reliable.Faults;
using Reliable.Servers;
using Reliable.Usage;

namespace Reliable.Sqlite;

/// <summary>Files that others lock, and disks that are full, under a whole runtime.</summary>
public sealed class SqliteFaultTests
{
    private const int Users = 8;

    [Theory]
    [InlineData(CommitMode.Awaited)]
    [InlineData(CommitMode.Deferred)]
    public async Task Load_WhenTheFileIsLockedNowAndThen_IsCountedAsCallersWereTold(CommitMode mode)
        => await RunAsync(size: null, mode, async (file, _) =>
        {
            for (int i = 0; i < 4; i++)
            {
                using SqliteConnection other = SqliteTables.Open(file);
                using SqliteCommand command = other.CreateCommand();
                command.CommandText = "BEGIN IMMEDIATE";
                command.ExecuteNonQuery();
                await Task.Delay(i == 3 ? 2_500 : 150);
            }
        });

    [Theory]
    [InlineData(CommitMode.Awaited)]
    [InlineData(CommitMode.Deferred)]
    public async Task Load_WhenTheDiskIsFullForAWhile_IsCountedAsCallersWereTold(CommitMode mode)
        => await RunAsync(size: "32m", mode, async (_, disk) =>
        {
            disk!.Fill();
            await Task.Delay(1_500);
            disk.Free();
        });

    private static async Task RunAsync(string? size, CommitMode mode, Func<string, TemporaryFileSystem?, Task> fault)
    {
        using TemporaryFileSystem? disk = size is null ? null : TemporaryFileSystem.MountOrSkip(size);
        string directory = Directory.CreateTempSubdirectory("reliable-sqlite-").FullName;
        string file = Path.Combine(disk?.Path ?? directory, "usage.db");
        var oracle = new ExactlyOnceOracle();
        await using (ReliableRuntime runtime = CreateRuntime(file, Path.Combine(directory, "journal"), mode))
        {
            string[] users = [.. Enumerable.Range(0, Users).Select(static i => $"user-{i}")];
            var load = new ChargeLoad(runtime, oracle, users, seed: 5);
            using var stop = new CancellationTokenSource();
            await runtime.Usage.GetUsageAsync(users[0], TestContext.Current.CancellationToken);
            Task running = load.RunAsync(callers: 16, stop.Token);
            await Eventually.IsTrue(() => load.Begun > 100, "the load began");

            await fault(file, disk);
            int begun = load.Begun;
            await Eventually.IsTrue(() => load.Begun > begun + 200, "the load goes on after the fault");
            await stop.CancelAsync();
            await Eventually.Ends(running);
            await SettleAsync(runtime);
        }

        OracleReport report = oracle.Judge(await SqliteTables.ReadAsync(file));
        Assert.True(report.IsClean, report.ToString());
        Assert.True(oracle.Counted > 0);
        Assert.Equal("ok", SqliteTables.Scalar(file, "PRAGMA integrity_check"));
        Directory.Delete(directory, recursive: true);
    }

    private static ReliableRuntime CreateRuntime(string file, string journal, CommitMode mode) => ReliableRuntime.Create(
        o =>
        {
            o.Rollout.Mode = RolloutMode.On;
            o.Usage.Commit = mode;
            o.Usage.CommitTimeout = TimeSpan.FromMilliseconds(200);
            o.Usage.JournalPath = journal;
        },
        new SqliteUsageStore($"Data Source={file};Default Timeout=1"));

    private static async Task SettleAsync(ReliableRuntime runtime)
    {
        long since = Stopwatch.GetTimestamp();
        while (runtime.Statistics is { PendingCharges: > 0 } or { JournaledCharges: > 0 })
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(10), $"Not settled ten seconds after the fault: {runtime.Statistics}.");
            await Task.Delay(5);
        }
    }
}
