using System.Diagnostics;
using Reliable.Servers;

namespace Reliable.Faults;

/// <summary>Journals that are torn, or whose disk is full.</summary>
public sealed class JournalFaultTests(PostgresServer server)
{
    private const int Charges = 50;

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.37)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    [InlineData(1.0)]
    public async Task Replay_WhenTheJournalIsTorn_CountsWhatIsWholeOnceAlsoWhenItsProcessLivesOn(double kept)
    {
        await using FaultHarness faults = await FaultHarness.StartAsync(
            await server.CreateDatabaseAsync(), new FaultSetup { IsMapped = true, Commit = CommitMode.Deferred });
        faults.Proxy.HoldRequests();
        for (int i = 0; i < Charges; i++)
            await faults.ChargeAsync(faults.Tables.Users[i % 8]);

        // A copy of the journal, torn somewhere: as if the process had died just then. Another process finds it.
        (string torn, int whole, bool isTorn) = await CopyJournalAsync(faults.JournalPath, kept);
        faults.JournalPath = torn;
        faults.ConnectionString = faults.Tables.ConnectionString;
        await using (ReliableRuntime other = faults.CreateRuntime())
        {
            await FaultHarness.LearnAsync(other, faults.User);
            await Eventually.IsTrue(() => other.Statistics is { PendingCharges: 0, JournaledCharges: 0 }, "the journal is replayed");
            Assert.Equal(whole, (await faults.Tables.ReadAsync()).Ledger!.Count);
            Assert.Equal(isTorn ? 1 : 0, Directory.GetFiles(torn, "*.damaged").Length);
        }

        // The first process was only slow: what it sends now is counted where the other did not.
        await faults.VerifyAsync(counted: Charges);
    }

    [Theory]
    [InlineData(CommitMode.Awaited)]
    [InlineData(CommitMode.Deferred)]
    public async Task Begin_WhenTheJournalsDiskIsFull_IsRefusedAndNothingIsLost(CommitMode mode)
    {
        using var disk = TemporaryFileSystem.MountOrSkip("64k");
        await using FaultHarness faults = await FaultHarness.StartAsync(
            await server.CreateDatabaseAsync(), new FaultSetup { IsMapped = true, Commit = mode, CommitTimeout = TimeSpan.FromMilliseconds(200) });
        faults.JournalPath = disk.Path;
        await faults.RestartAsync();
        UsageTransaction[] open = await Task.WhenAll(faults.Tables.Users.Select(user => faults.Runtime.Usage.BeginAsync(user).AsTask()));

        disk.Fill();
        faults.Proxy.HoldRequests();
        Task<TransactionOutcome>[] commits = [.. open.Select(static transaction => transaction.CommitAsync().AsTask())];
        await Eventually.IsTrue(() => IsRefusedAsync(faults), "calls are refused");
        Assert.All(commits, static commit => Assert.False(commit.IsCompleted, "An answer left whose charge was nowhere."));

        disk.Free();
        await Eventually.IsTrue(async () => !await IsRefusedAsync(faults), "calls are taken again");
        faults.Proxy.Release();
        Assert.All(await Task.WhenAll(commits), static outcome => Assert.Equal(TransactionOutcome.Committed, outcome));
        foreach (UsageTransaction transaction in open)
            faults.Oracle.Tell(transaction.Id, transaction.UserId, ToldOutcome.Counted);
        await faults.VerifyAsync(counted: open.Length);
    }

    private static async Task<bool> IsRefusedAsync(FaultHarness faults)
    {
        try
        {
            await (await faults.Runtime.Usage.BeginAsync(faults.User)).DisposeAsync();
            return false;
        }
        catch (UsageUnavailableException e)
        {
            Assert.Contains(faults.JournalPath, e.Message, StringComparison.Ordinal);
            return true;
        }
    }

    // The file is locked by its process: a program that does not ask copies it.
    private static async Task<(string Directory, int Whole, bool IsTorn)> CopyJournalAsync(string directory, double kept)
    {
        string torn = Directory.CreateDirectory(directory + "-torn").FullName;
        string copy = Path.Combine(torn, "charges-1-torn.journal");
        using (Process process = Process.Start("cp", [Directory.GetFiles(directory, "*.journal").Single(), copy]))
        {
            await process.WaitForExitAsync();
            Assert.Equal(0, process.ExitCode);
        }

        using FileStream file = File.OpenWrite(copy);
        long record = file.Length / Charges;
        file.SetLength((long)(file.Length * kept));
        return (torn, (int)(file.Length / record), file.Length % record != 0);
    }
}
