using System.Globalization;
using Reliable.Stores;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>Damage that an application's own table can have, where columns take what they like.</summary>
public sealed class MappedAuditTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private readonly string _name = $"m{Guid.NewGuid():N}";

    private static string Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().DateTime).ToString("O", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("-3", UsageFindingKinds.Negative)]
    [InlineData("abc", UsageFindingKinds.Unreadable)]
    [InlineData("", UsageFindingKinds.Unreadable)]
    [InlineData("12345678901234567890", UsageFindingKinds.Unreadable)]
    public async Task Audit_WhenCounterIsNoCount_FindsItUntilItIsRepaired(string used, UsageFindingKinds kind)
    {
        await using PostgresUsageStore store = await OpenAsync();
        await database.ExecuteAsync($"INSERT INTO {_name} (id) VALUES ('u')");
        await store.SettleAsync(UsageTerms.Default, Charges.New(2, static _ => "u"));
        await database.ExecuteAsync($"UPDATE {_name} SET used = $1", used);

        UsageFinding finding = Assert.Single((await store.AuditAsync()).Findings);
        UsageRepairReport preview = await store.PreviewAsync(new UsageRepairOptions());
        UsageRepairReport others = await store.RepairAsync(new UsageRepairOptions { Kinds = UsageFindingKinds.CounterDiffers });
        UsageRepairReport repair = await store.RepairAsync(new UsageRepairOptions());

        Assert.Equal(new UsageFinding(kind, "u", Charges.Counter, UsageFindingSubject.Used, used, "2"), finding);
        Assert.Empty(others.Changes);
        Assert.Equal(preview.Changes, repair.Changes);
        Assert.Equal([new UsageChange(kind, "u", Charges.Counter, UsageFindingSubject.Used, used, "2")], repair.Changes);
        Assert.Equal("2", await database.ScalarAsync<string>($"SELECT used FROM {_name}"));
        Assert.Equal([], (await store.AuditAsync()).Findings);
        Assert.Empty((await store.RepairAsync(new UsageRepairOptions())).Changes);
    }

    [Fact]
    public async Task Audit_WhenLimitIsNone_FindsItAndLeavesItToTheApplication()
    {
        await using PostgresUsageStore store = await OpenAsync();
        await database.ExecuteAsync($"INSERT INTO {_name} (id, cap) VALUES ('a', '-1'), ('b', 'many'), ('c', NULL), ('d', '5')");

        UsageAuditReport report = await store.AuditAsync();

        Assert.Equal(
            [("a", UsageFindingKinds.Negative, "-1"), ("b", UsageFindingKinds.Unreadable, "many")],
            report.Findings.Select(static f => (f.UserId, f.Kind, f.Found)));
        Assert.All(report.Findings, static f => Assert.Equal(UsageFindingSubject.Limit, f.Subject));
        Assert.Empty((await store.RepairAsync(new UsageRepairOptions())).Changes);
    }

    [Theory]
    [InlineData("infinity")]
    [InlineData("9999-12-31 10:00:00")]
    public async Task Audit_WhenDayIsBogus_FindsItUntilItIsRepaired(string day)
    {
        await using PostgresUsageStore store = await OpenAsync();
        await database.ExecuteAsync($"INSERT INTO {_name} (id) VALUES ('u')");
        await store.SettleAsync(Charges.New("u"));
        await database.ExecuteAsync($"UPDATE {_name} SET since = $1::text::timestamp, used = '40'", day);

        UsageFinding finding = Assert.Single((await store.AuditAsync()).Findings);
        UsageRepairReport repair = await store.RepairAsync(new UsageRepairOptions());

        Assert.Equal((UsageFindingKinds.WrongDay, day, Today), (finding.Kind, finding.Found, finding.Expected));
        Assert.Equal([("40", "1"), (day, Today)], repair.Changes.Select(static c => (c.From, c.To)));
        Assert.Equal(Today, await database.ScalarAsync<string>($"SELECT since::date::text FROM {_name}"));
        Assert.Equal([], (await store.AuditAsync()).Findings);
    }

    [Fact]
    public async Task Audit_WhenLedgerBeginsToday_SaysWhyCountersMayDiffer()
    {
        await using PostgresUsageStore store = await OpenAsync();
        await database.ExecuteAsync($"INSERT INTO {_name} (id, used, since) VALUES ('u', '7', $1::text::timestamp)", Today);
        await store.SettleAsync(Charges.New("u"));

        UsageAuditReport first = await store.AuditAsync();
        await store.SettleAsync(Charges.New("u"), UsageTerms.Default with { Day = first.Day.AddDays(-1) });
        UsageAuditReport later = await store.AuditAsync();

        Assert.Equal(("8", "1"), Assert.Single(first.Findings.Select(static f => (f.Found, f.Expected))));
        Assert.Contains("begins today", Assert.Single(first.Notes), StringComparison.Ordinal);
        Assert.Empty(later.Notes);
    }

    [Fact]
    public async Task Audit_WhenTableHasNoDays_SaysThatNothingWasCompared()
    {
        await database.ExecuteAsync($"CREATE TABLE {_name} (id text PRIMARY KEY, used int, cap int)");
        await using PostgresUsageStore store = await OpenAsync(t => (t.UserId, t.Used, t.Limit) = ("id", "used", "cap"));
        await database.ExecuteAsync($"INSERT INTO {_name} VALUES ('a', 700, NULL), ('b', -4, NULL), ('c', 9, 5)");
        await store.SettleAsync(Charges.New("a"));

        UsageAuditReport report = await store.AuditAsync();
        UsageRepairReport repair = await store.RepairAsync(new UsageRepairOptions());

        Assert.Equal(
            [("b", UsageFindingKinds.Negative, "-4", "0"), ("c", UsageFindingKinds.AboveLimit, "9", "at most 5")],
            report.Findings.Select(static f => (f.UserId, f.Kind, f.Found, f.Expected)));
        Assert.Contains("without a column of days", Assert.Single(report.Notes), StringComparison.Ordinal);
        Assert.Equal(("-4", "0"), Assert.Single(repair.Changes.Select(static c => (c.From, c.To))));
    }

    [Fact]
    public async Task Audit_WhenTwoCountersShareATable_KeepsThemApart()
    {
        await database.ExecuteAsync($"CREATE TABLE {_name} (id uuid PRIMARY KEY, used int, images int, since date, since2 date)");
        await using PostgresUsageStore store = await OpenAsync(
            t => (t.UserId, t.Used, t.LastReset) = ("id", "used", "since"),
            t => (t.UserId, t.Used, t.LastReset, t.Counter) = ("id", "images", "since2", "images"));
        string user = Guid.NewGuid().ToString();
        await database.ExecuteAsync($"INSERT INTO {_name} (id) VALUES ($1::text::uuid)", user);
        await store.SettleAsync(UsageTerms.Default, Charges.New(user), Charges.New(user, amount: 2) with { Counter = "images" });
        await database.ExecuteAsync($"UPDATE {_name} SET used = 5, images = 6");

        UsageAuditReport report = await store.AuditAsync(user.ToUpperInvariant());
        UsageStoreException unmapped = await Assert.ThrowsAsync<UsageStoreException>(() => store.AuditAsync(new UsageAuditOptions { Counter = "videos" }));
        UsageRepairReport repair = await store.RepairAsync($"({user})", "nobody");

        Assert.Equal([("images", "6", "2"), ("requests", "5", "1")], report.Findings.Select(static f => (f.Counter, f.Found, f.Expected)));
        Assert.Contains("'videos' is not mapped", unmapped.Message, StringComparison.Ordinal);
        Assert.Equal(2, repair.Changes.Count);
        Assert.Equal("1/2", await database.ScalarAsync<string>($"SELECT used || '/' || images FROM {_name}"));
        Assert.Equal([], (await store.AuditAsync()).Findings);
    }

    [Fact]
    public async Task Audit_WhenUsersAreThereTwice_DeletesNoneOfThem()
    {
        await using PostgresUsageStore store = await OpenAsync();
        await database.ExecuteAsync($"ALTER TABLE {_name} DROP CONSTRAINT {_name}_pkey; INSERT INTO {_name} (id) VALUES ('u'), ('u')");

        UsageAuditReport report = await store.AuditAsync();
        UsageRepairReport repair = await store.RepairAsync(new UsageRepairOptions());

        Assert.Equal((UsageFindingKinds.Duplicate, "2 rows"), Assert.Single(report.Findings.Select(static f => (f.Kind, f.Found))));
        Assert.Contains("no row that is there twice is deleted", Assert.Single(repair.Notes), StringComparison.Ordinal);
        Assert.Empty(repair.Changes);
        Assert.Equal(2, await database.ScalarAsync<long>($"SELECT count(*) FROM {_name}"));
    }

    // Numeric keys of a scale are named with all their digits by the ledger, and in findings.
    [Fact]
    public async Task Repair_WhenKeyHasManyForms_FindsTheUserByEach()
    {
        await database.ExecuteAsync($"CREATE TABLE {_name} (id numeric(10, 2) PRIMARY KEY, used int, since date)");
        await using PostgresUsageStore store = await OpenAsync(t => (t.UserId, t.Used, t.LastReset) = ("id", "used", "since"));
        await database.ExecuteAsync($"INSERT INTO {_name} (id) VALUES (7)");
        await store.SettleAsync(Charges.New("7"));
        await database.ExecuteAsync($"UPDATE {_name} SET used = 5");

        UsageFinding finding = Assert.Single((await store.AuditAsync("7")).Findings);
        UsageRepairReport repair = await store.RepairAsync(finding.UserId);

        Assert.Equal("7.00", finding.UserId);
        Assert.Equal(("5", "1"), Assert.Single(repair.Changes.Select(static c => (c.From, c.To))));
        Assert.Equal(1, (await store.ReadAsync("7")).Used);
    }

    private async Task<PostgresUsageStore> OpenAsync()
    {
        await database.ExecuteAsync($"CREATE TABLE {_name} (id text PRIMARY KEY, used varchar, cap varchar, since timestamp)");
        return await OpenAsync(t => (t.UserId, t.Used, t.Limit, t.LastReset) = ("id", "used", "cap", "since"));
    }

    private async Task<PostgresUsageStore> OpenAsync(params Action<MappedTable>[] maps)
    {
        var options = new PostgresOptions { Schema = $"s{_name}" };
        foreach (Action<MappedTable> map in maps)
            options.MapTable(_name, map);
        var store = new PostgresUsageStore(database.ConnectionString, options);
        await store.InitializeAsync(UsageTerms.Default, TestContext.Current.CancellationToken);
        return store;
    }
}
