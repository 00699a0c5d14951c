using Microsoft.Extensions.Logging;
using Reliable.Infrastructure;

namespace Reliable.Usage;

public sealed class OldReplayTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Start_WhenTheJournalIsOlderThanTheLedger_KeepsThoseChargesAndSaysWhere()
    {
        DateOnly today = DateOnly.FromDateTime(new FakeTimeProvider().GetUtcNow().Date);
        using (var journal = ChargeJournal.Open(_directory.Path, JournalMode.ProcessCrash))
        {
            journal.TryAppend(new Charge(Guid.CreateVersion7(), "old", "requests", 1), today.AddDays(-6));
            journal.TryAppend(new Charge(Guid.CreateVersion7(), "old", "requests", 1), today.AddDays(-900));
            journal.TryAppend(new Charge(Guid.CreateVersion7(), "young", "requests", 1), today.AddDays(-5));
        }

        await using var harness = new RuntimeHarness(
            o => (o.Usage.JournalPath, o.Usage.LedgerRetention) = (_directory.Path, TimeSpan.FromDays(5)), new FakeUsageStore());

        await harness.Runtime.StartAsync();
        await harness.Clock.DriveAsync(Eventually.IsTrue(() => harness.Runtime.Statistics.PendingCharges == 0, "the young charge is replayed"));

        Charge[] sent = [.. ((FakeUsageStore)harness.Store).Calls.SelectMany(static c => c.Charges)];
        Assert.Equal("young", Assert.Single(sent).UserId);
        string kept = Assert.Single(Directory.GetFiles(_directory.Path, "*.expired"));
        LogLine line = Assert.Single(harness.Log.Lines, static l => l.EventId == 1355);
        Assert.Equal(LogLevel.Error, line.Level);
        Assert.StartsWith("[Usage] 2 charges of an earlier run are older than 'Reliable:Usage:LedgerRetention' (5.00:00:00)", line.Text, StringComparison.Ordinal);
        Assert.EndsWith($"they are kept in '{kept}'", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_WhenCountersAreInMemory_SaysWhichStoresCan()
    {
        await using var harness = new RuntimeHarness();

        NotSupportedException audit = await Assert.ThrowsAsync<NotSupportedException>(async () => await harness.Runtime.Usage.AuditAsync());
        await Assert.ThrowsAsync<NotSupportedException>(async () => await harness.Runtime.Usage.RepairAsync());
        await Assert.ThrowsAsync<NotSupportedException>(async () => await harness.Runtime.Usage.PreviewRepairAsync());

        Assert.Equal("Counters in store 'Memory' have no ledger that they could be held against. UsePostgres and UseSqlite keep one.", audit.Message);
    }

    [Theory]
    [InlineData(UsageFindingKinds.None)]
    [InlineData(UsageFindingKinds.AboveLimit)]
    [InlineData((UsageFindingKinds)1024)]
    public void RepairKinds_WhenNotPossible_AreRefusedWithThosePossible(UsageFindingKinds kinds)
    {
        ArgumentException failure = Assert.Throws<ArgumentException>(() => new UsageRepairOptions { Kinds = kinds });

        Assert.Contains($"is '{kinds}'; it must be one or more of CounterDiffers, Negative, Unreadable, Orphaned, Duplicate, WrongDay", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AuditOptions_WhenOutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentException>(static () => new UsageAuditOptions { Kinds = UsageFindingKinds.None });
        Assert.Throws<ArgumentException>(static () => new UsageAuditOptions { MaxFindings = 0 });
        Assert.Throws<ArgumentException>(static () => new UsageAuditOptions { Timeout = TimeSpan.FromHours(2) });
        Assert.Throws<ArgumentException>(static () => new UsageRepairOptions { MaxFindings = 100_001 });
        Assert.Throws<ArgumentException>(static () => new UsageRepairOptions { Timeout = TimeSpan.Zero });
    }
}
