using System.Globalization;
using Reliable.Stores;
using Reliable.Usage;

namespace Reliable.Sqlite;

/// <summary>Damage that only a SQLite file can have, where a column takes any type and a table that was copied has lost its key.</summary>
public sealed class SqliteAuditTests : IAsyncDisposable
{
    private readonly SqliteHarness _harness = new();

    public async ValueTask DisposeAsync() => await _harness.DisposeAsync();

    [Theory]
    [InlineData("-3", UsageFindingKinds.Negative)]
    [InlineData("'abc'", UsageFindingKinds.Unreadable)]
    [InlineData("2.5", UsageFindingKinds.Unreadable)]
    public async Task Audit_WhenCounterIsNoCount_FindsItUntilItIsRepaired(string used, UsageFindingKinds kind)
    {
        IUsageStore store = await _harness.OpenAsync();
        await store.SettleAsync(UsageTerms.Default, Charges.New(2, static _ => "u"));
        _harness.Execute($"PRAGMA ignore_check_constraints = ON; UPDATE reliable_usage SET used = {used}");

        UsageFinding finding = Assert.Single((await store.AuditAsync()).Findings);
        UsageRepairReport preview = await store.PreviewAsync(new UsageRepairOptions());
        UsageRepairReport repair = await store.RepairAsync(new UsageRepairOptions());

        Assert.Equal(new UsageFinding(kind, "u", Charges.Counter, UsageFindingSubject.Used, used.Trim('\''), "2"), finding);
        Assert.Equal(preview.Changes, repair.Changes);
        Assert.Single(repair.Changes);
        await AssertSoundAsync(store, 2);
    }

    [Fact]
    public async Task Audit_WhenDayIsNone_FindsItUntilItIsRepaired()
    {
        IUsageStore store = await _harness.OpenAsync();
        await store.SettleAsync(UsageTerms.Default, Charges.New(2, static _ => "u"));
        _harness.Execute("UPDATE reliable_usage SET day = 'tomorrow'");

        UsageFinding finding = Assert.Single((await store.AuditAsync()).Findings);
        await store.RepairAsync(new UsageRepairOptions());

        Assert.Equal((UsageFindingKinds.WrongDay, "tomorrow"), (finding.Kind, finding.Found));
        await AssertSoundAsync(store, 2);
    }

    [Fact]
    public async Task Audit_WhenRowsAreThereTwice_FindsThemUntilTheyAreRepaired()
    {
        IUsageStore store = await _harness.OpenAsync();
        Charge refunded = Charges.New("u", amount: 4);
        await store.SettleAsync(UsageTerms.Default, Charges.New("u"), Charges.New("u"), refunded);
        await store.RefundAsync(refunded);
        _harness.Execute("""
            ALTER TABLE reliable_charge RENAME TO c; CREATE TABLE reliable_charge AS SELECT * FROM c UNION ALL SELECT tx, user_id, counter, amount, day, 1 FROM c;
            ALTER TABLE reliable_usage RENAME TO u;
            CREATE TABLE reliable_usage AS SELECT * FROM u UNION ALL SELECT user_id, counter, 9, "limit", day FROM u; DROP TABLE c; DROP TABLE u
            """);

        UsageAuditReport found = await store.AuditAsync();
        UsageRepairReport preview = await store.PreviewAsync(new UsageRepairOptions());
        UsageRepairReport repair = await store.RepairAsync(new UsageRepairOptions());

        Assert.Equal(4, found.Findings.Count(static f => f.Kind == UsageFindingKinds.Duplicate));
        Assert.Equal(2, found.Notes.Count);
        Assert.Equal(preview.Changes, repair.Changes);
        Assert.Equal(3L, _harness.Execute("SELECT count(*) FROM reliable_charge")[0]);
        await AssertSoundAsync(store, 2);
    }

    [Fact]
    public async Task Audit_WhileWriterHoldsTheFile_WaitsForNobody()
    {
        IUsageStore store = await _harness.OpenAsync();
        await store.SettleAsync(Charges.New("u"));
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_harness.FilePath};Pooling=False");
        connection.Open();
        using Microsoft.Data.Sqlite.SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        using Microsoft.Data.Sqlite.SqliteCommand update = connection.CreateCommand();
        update.CommandText = "UPDATE reliable_usage SET used = 5";
        update.ExecuteNonQuery();

        Assert.Equal([], (await store.AuditAsync()).Findings);
        Assert.Empty((await store.RepairAsync(new UsageRepairOptions())).Changes);
    }

    [Fact]
    public async Task Purge_WhenClockOfTheApplicationMoves_GoesByIt()
    {
        IUsageStore store = await _harness.OpenAsync();
        await store.SettleAsync(UsageTerms.Default, Charges.New(5, static _ => "u"));
        IUsageStore later = await _harness.OpenAsync(new ManualTime(TimeProvider.System.GetUtcNow().AddDays(6).ToString("O", CultureInfo.InvariantCulture)));

        Assert.Equal([0], await store.PurgeAsync(TimeSpan.FromDays(4), 2_000));
        Assert.Equal([2, 2, 1], await later.PurgeAsync(TimeSpan.FromDays(4), 2));
    }

    private async Task AssertSoundAsync(IUsageStore store, long used)
    {
        Assert.Equal([], (await store.AuditAsync()).Findings);
        Assert.Empty((await store.RepairAsync(new UsageRepairOptions())).Changes);
        Assert.Equal([used], _harness.Execute("SELECT used FROM reliable_usage").Cast<long>());
    }
}
