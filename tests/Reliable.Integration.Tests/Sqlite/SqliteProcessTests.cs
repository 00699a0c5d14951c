using System.Diagnostics;
using System.Globalization;
using Reliable.Stores;
using Reliable.Usage;

namespace Reliable.Sqlite;

public sealed class SqliteProcessTests
{
    private const string FileVariable = "RELIABLE_TEST_SQLITE_FILE";
    private const int Batch = 8;

    /// <summary>Runs in a child process: charges one user, and notes the ids of what was acknowledged, until it is killed.</summary>
    [Fact(Explicit = true)]
    public async Task Child_WhenStarted_ChargesUntilItIsKilled()
    {
        string file = Environment.GetEnvironmentVariable(FileVariable) ?? throw new InvalidOperationException($"'{FileVariable}' is not set.");
        await using var store = new SqliteUsageStore(file);
        await store.InitializeAsync(UsageTerms.Default, TestContext.Current.CancellationToken);
        await using var acknowledged = new FileStream($"{file}.{Environment.ProcessId}.acknowledged", FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        while (true)
        {
            Charge[] charges = Charges.New(Batch, static _ => "u");
            await store.SettleAsync(UsageTerms.Default, charges);
            byte[] ids = [.. charges.SelectMany(static c => c.TransactionId.ToByteArray())];
            await acknowledged.WriteAsync(ids, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Settle_WhenProcessesAreKilled_LosesNothingAndCountsNothingTwice()
    {
        const int Kills = 6;
        await using var harness = new SqliteHarness();
        IUsageStore store = await harness.OpenAsync();
        var random = new Random(3);
        long own = 0;
        for (int i = 0; i < Kills; i++)
        {
            using Process first = StartChild(harness.FilePath), second = StartChild(harness.FilePath);
            await WaitForAcknowledgementsAsync(harness.FilePath, first, second);
            for (int n = 0; n < 20; n++)
                own += (await store.SettleAsync(Charges.New("u"))).Outcome == ChargeOutcome.Counted ? 1 : 0;
            await Task.Delay(random.Next(30), TestContext.Current.CancellationToken);
            first.Kill();
            second.Kill();
            await Task.WhenAll(first.WaitForExitAsync(TestContext.Current.CancellationToken), second.WaitForExitAsync(TestContext.Current.CancellationToken));
        }

        Guid[] acknowledged = [.. ReadAcknowledgements(harness.FilePath)];
        UsageReading before = await store.ReadAsync("u");
        foreach (Guid[] ids in acknowledged.Chunk(store.MaxBatchSize))
        {
            ChargeResult[] again = await store.SettleAsync(UsageTerms.Default, [.. ids.Select(static id => new Charge(id, "u", Charges.Counter, 1))]);
            Assert.All(again, static r => Assert.Equal(ChargeOutcome.AlreadyCounted, r.Outcome));
        }

        Assert.Equal(20 * Kills, own);
        Assert.Equal(before.Used, (await store.ReadAsync("u")).Used);
        Assert.InRange(before.Used, own + acknowledged.Length, own + acknowledged.Length + (Kills * 2 * Batch));
        Assert.Empty(await harness.AuditAsync(["u"]));
        Assert.Equal("ok", harness.Execute("PRAGMA integrity_check")[0]);
    }

    private static Process StartChild(string file)
    {
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Reliable.Integration.Tests.exe" : "Reliable.Integration.Tests");
        var start = new ProcessStartInfo(program, ["-explicit", "only", "-method", $"{typeof(SqliteProcessTests).FullName}.{nameof(Child_WhenStarted_ChargesUntilItIsKilled)}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [FileVariable] = file },
        };
        return Process.Start(start)!;
    }

    private static async Task WaitForAcknowledgementsAsync(string file, params Process[] children)
    {
        long deadline = Environment.TickCount64 + 60_000;
        while (!children.All(c => File.Exists(AcknowledgementsOf(file, c)) && new FileInfo(AcknowledgementsOf(file, c)).Length >= 16 * Batch * 3))
        {
            Assert.True(Environment.TickCount64 < deadline, "The children did not begin to charge within a minute.");
            Assert.All(children, static c => Assert.False(c.HasExited, "A child ended by itself."));
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private static string AcknowledgementsOf(string file, Process child) => string.Create(CultureInfo.InvariantCulture, $"{file}.{child.Id}.acknowledged");

    private static IEnumerable<Guid> ReadAcknowledgements(string file)
        => Directory.GetFiles(Path.GetDirectoryName(file)!, "*.acknowledged").SelectMany(static f => File.ReadAllBytes(f).Chunk(16)).Where(static b => b.Length == 16).Select(static b => new Guid(b));
}
