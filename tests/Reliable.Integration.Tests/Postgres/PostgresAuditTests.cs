using Npgsql;
using Reliable.Stores;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>Damage that only PostgreSQL's tables can have, each seeded by SQL: what is not found here would not be found there.</summary>
public sealed class PostgresAuditTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private readonly string _schema = $"a{Guid.NewGuid():N}";

    [Fact]
    public async Task Audit_WhenManagedCounterIsNegative_FindsItUntilItIsRepaired()
    {
        await using PostgresUsageStore store = await OpenAsync();
        await store.SettleAsync(UsageTerms.Default, Charges.New(2, static _ => "u"));
        await database.ExecuteAsync($"UPDATE {_schema}.usage SET used = -3");

        UsageFinding finding = Assert.Single((await store.AuditAsync()).Findings);
        UsageRepairReport preview = await store.PreviewAsync(new UsageRepairOptions());
        UsageRepairReport repair = await store.RepairAsync(new UsageRepairOptions());

        Assert.Equal(new UsageFinding(UsageFindingKinds.Negative, "u", Charges.Counter, UsageFindingSubject.Used, "-3", "2"), finding);
        Assert.Equal(preview.Changes, repair.Changes);
        Assert.Equal([new UsageChange(UsageFindingKinds.Negative, "u", Charges.Counter, UsageFindingSubject.Used, "-3", "2")], repair.Changes);
        await AssertSoundAsync(store, "SELECT used = 2 FROM {0}.usage");
    }

    [Fact]
    public async Task Audit_WhenChargesAreThereTwice_FindsThemUntilTheyAreRepaired()
    {
        await using PostgresUsageStore store = await OpenAsync();
        Charge[] charges = [Charges.New("u"), Charges.New("u", amount: 4), Charges.New("v")];
        await store.SettleAsync(UsageTerms.Default, charges);
        await store.RefundAsync(charges[1]);

        // The second was taken back; its copy says that it is counted.
        await database.ExecuteAsync($"ALTER TABLE {_schema}.charge DROP CONSTRAINT charge_pkey");
        await database.ExecuteAsync($"INSERT INTO {_schema}.charge SELECT tx, user_id, counter, amount, day, 1 FROM {_schema}.charge WHERE user_id = 'u'");

        UsageAuditReport found = await store.AuditAsync();
        UsageAuditReport ofOne = await store.AuditAsync("v");
        UsageRepairReport preview = await store.PreviewAsync(new UsageRepairOptions());
        UsageRepairReport repair = await store.RepairAsync(new UsageRepairOptions());

        Assert.Equal(charges[..2].Select(static c => (Guid?)c.TransactionId).Order(), found.Findings.Select(static f => f.TransactionId).Order());
        Assert.All(found.Findings, static f => Assert.Equal((UsageFindingKinds.Duplicate, "2 rows", "1 row"), (f.Kind, f.Found, f.Expected)));
        Assert.Contains($"ALTER TABLE \"{_schema}\".\"charge\" ADD PRIMARY KEY (tx);", Assert.Single(found.Notes), StringComparison.Ordinal);
        Assert.Empty(ofOne.Findings);
        Assert.Equal(preview.Changes, repair.Changes);
        Assert.Equal(2, repair.Changes.Count);
        await database.ExecuteAsync($"ALTER TABLE {_schema}.charge ADD PRIMARY KEY (tx)");
        Assert.Equal(RefundResult.AlreadyRefunded, await store.RefundAsync(charges[1]));
        await AssertSoundAsync(store, "SELECT sum(amount) FILTER (WHERE state = 1) = 2 FROM {0}.charge");
    }

    [Fact]
    public async Task Audit_WhenCountersAreThereTwice_FindsThemUntilTheyAreRepaired()
    {
        await using PostgresUsageStore store = await OpenAsync();
        await store.SettleAsync(UsageTerms.Default, Charges.New(2, static _ => "u"));
        await database.ExecuteAsync($"ALTER TABLE {_schema}.usage DROP CONSTRAINT usage_pkey");
        await database.ExecuteAsync($"INSERT INTO {_schema}.usage (user_id, counter, used, day) SELECT user_id, counter, 9, day FROM {_schema}.usage");

        UsageAuditReport found = await store.AuditAsync();
        UsageRepairReport preview = await store.PreviewAsync(new UsageRepairOptions());
        UsageRepairReport repair = await store.RepairAsync(new UsageRepairOptions());

        Assert.Contains(new UsageFinding(UsageFindingKinds.Duplicate, "u", Charges.Counter, UsageFindingSubject.Row, "2 rows", "1 row"), found.Findings);
        Assert.Contains("ADD PRIMARY KEY (user_id, counter);", Assert.Single(found.Notes), StringComparison.Ordinal);
        Assert.Equal(preview.Changes, repair.Changes);
        Assert.Equal([UsageFindingSubject.Row, UsageFindingSubject.Used], repair.Changes.Select(static c => c.Subject));
        await database.ExecuteAsync($"ALTER TABLE {_schema}.usage ADD PRIMARY KEY (user_id, counter)");
        Assert.Equal(3, (await store.SettleAsync(Charges.New("u"))).Used);
        await AssertSoundAsync(store, "SELECT used = 3 FROM {0}.usage");
    }

    [Fact]
    public async Task Audit_WhenCounterIsAskedFor_LooksAtNoOther()
    {
        await using PostgresUsageStore store = await OpenAsync();
        await store.SettleAsync(UsageTerms.Default, Charges.New("u"), Charges.New("u") with { Counter = "images" });
        await database.ExecuteAsync($"UPDATE {_schema}.usage SET used = 8");

        UsageAuditReport report = await store.AuditAsync(new UsageAuditOptions { Counter = "images" });
        await store.RepairAsync(new UsageRepairOptions { Counter = "images" });

        Assert.Equal("images", Assert.Single(report.Findings).Counter);
        Assert.Equal((1, 1), (report.Counters, report.Charges));
        Assert.Equal(["images=1", "requests=8"], await database.ColumnAsync($"SELECT counter || '=' || used FROM {_schema}.usage ORDER BY 1"));
    }

    // Midnight comes between the snapshot and the clock, or the other way round, where the zone is moved instead of the clock.
    [Theory]
    [InlineData("Pacific/Kiritimati")]
    [InlineData("Etc/GMT+12")]
    public async Task Audit_WhenDayIsThatOfAZone_ComparesOnItsDay(string zone)
    {
        var terms = new UsageTerms(null, zone);
        await using PostgresUsageStore store = await OpenAsync();
        await store.SettleAsync(terms, Charges.New(3, static _ => "u"));

        UsageAuditReport report = await store.AuditAsync(new UsageAuditOptions(), terms);
        StoreClock clock = await store.ReadClockAsync(terms, TestContext.Current.CancellationToken);

        Assert.Equal([], report.Findings);
        Assert.Equal(clock.Day, report.Day);
        Assert.Equal(clock.Day, await database.ScalarAsync<DateOnly>($"SELECT day FROM {_schema}.charge LIMIT 1"));
    }

    [Fact]
    public async Task Audit_WhileWriterHoldsARow_WaitsForNobody()
    {
        await using PostgresUsageStore store = await OpenAsync();
        await store.SettleAsync(Charges.New("u"));
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var update = new NpgsqlCommand($"UPDATE {_schema}.usage SET used = 5", connection);
        await update.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        Assert.Equal([], (await store.AuditAsync()).Findings);
        Assert.Empty((await store.PreviewAsync(new UsageRepairOptions())).Changes);
        Assert.Empty((await store.RepairAsync(new UsageRepairOptions())).Changes);
    }

    [Fact]
    public async Task Repair_WhileSomebodyHoldsARow_GivesUpAndChangesNothing()
    {
        await using PostgresUsageStore store = await OpenAsync();
        await store.SettleAsync(UsageTerms.Default, Charges.New("u"), Charges.New("v"));
        await database.ExecuteAsync($"UPDATE {_schema}.usage SET used = 5");
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using (await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await using var hold = new NpgsqlCommand($"SELECT 1 FROM {_schema}.usage WHERE user_id = 'v' FOR UPDATE", connection);
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

            UsageStoreException failure = await Assert.ThrowsAsync<UsageStoreException>(() => store.RepairAsync(new UsageRepairOptions()));

            Assert.Contains("nothing was changed", failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal(["5", "5"], await database.ColumnAsync($"SELECT used::text FROM {_schema}.usage"));
        Assert.Equal(2, (await store.RepairAsync(new UsageRepairOptions())).Changes.Count);
    }

    [Fact]
    public async Task Purge_WhenRoleMayNotDelete_CarriesTheScriptThatAllowsIt()
    {
        await database.ExecuteAsync(PostgresScripts.Managed(_schema));
        await database.ExecuteAsync($"CREATE ROLE {_schema} LOGIN PASSWORD 'secret'; GRANT USAGE ON SCHEMA {_schema} TO {_schema}");
        await database.ExecuteAsync($"GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA {_schema} TO {_schema}");
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = _schema, Password = "secret" };
        await using PostgresUsageStore store = await OpenAsync(settings.ConnectionString);
        await store.SettleAsync(Charges.New("u"));

        UsageStoreException failure = await Assert.ThrowsAsync<UsageStoreException>(() => store.PurgeAsync(TimeSpan.FromDays(2), 10));
        await database.ExecuteAsync(failure.Script!);
        List<int> steps = await store.PurgeAsync(TimeSpan.FromDays(2), 10);

        Assert.StartsWith($"Old charges are not deleted: role '{_schema}' lacks DELETE on table '{_schema}.charge'.", failure.Message, StringComparison.Ordinal);
        Assert.Equal([0], steps);
    }

    [Fact]
    public async Task Purge_WhileChargesArrive_KeepsNoWriterWaiting()
    {
        await using PostgresUsageStore store = await OpenAsync();
        await database.ExecuteAsync($"""
            INSERT INTO {_schema}.charge (tx, user_id, counter, amount, day)
            SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - 2000000000 + i), 12, '0') || '7000800000000000' || lpad(to_hex(i), 4, '0'))::uuid,
              'u' || i % 50, 'requests', 1, current_date - 20 FROM generate_series(1, 20000) i
            """);
        using var stop = new CancellationTokenSource();
        Task load = Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            await using PostgresUsageStore writer = await OpenAsync();
            while (!stop.IsCancellationRequested)
            {
                Charge[] batch = Charges.New(20, k => $"u{(i + k) % 50}");
                await writer.SettleAsync(UsageTerms.Default, batch);
                await writer.RefundAsync(batch[0]);
            }
        }));
        Task<List<int>> purge = store.PurgeAsync(TimeSpan.FromDays(4), 1_000);

        // Whom anybody waits for: writers may wait for each other, nobody for the purge.
        List<string> waits = [];
        do
        {
            waits.AddRange(await database.ColumnAsync($"""
                SELECT a.query FROM pg_stat_activity a JOIN pg_stat_activity b ON b.pid = ANY(pg_blocking_pids(a.pid))
                WHERE b.query LIKE '%SKIP LOCKED%{_schema}%' OR b.query LIKE '%{_schema}%SKIP LOCKED%'
                """));
        }
        while (!purge.IsCompleted);
        await stop.CancelAsync();
        await load;

        Assert.Empty(waits);
        Assert.Equal(20_000, (await purge).Sum());
        Assert.True((await purge).Count >= 20);
        await AssertSoundAsync(store, "SELECT count(*) > 0 FROM {0}.charge");
    }

    // Steps look rows up by their ids: a step that read the whole ledger would cost the more the larger it is.
    [Fact]
    public async Task Purge_WhenPlannedOnEmptyTables_ReadsNoWholeTable()
    {
        await using PostgresUsageStore store = await OpenAsync();
        await using var connections = new PostgresConnections(new NpgsqlConnectionStringBuilder(database.ConnectionString), new PostgresOptions());
        await using NpgsqlConnection connection = await connections.OpenForReadsAsync(TestContext.Current.CancellationToken);
        await using var prepare = new NpgsqlCommand($"PREPARE p AS {RepairSql.Purge($"{_schema}.charge")}", connection);
        await prepare.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await using var explain = new NpgsqlCommand($"EXPLAIN EXECUTE p('UTC', 1, 1, '{Guid.Empty}', 1)", connection);
        await using NpgsqlDataReader reader = await explain.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        List<string> plan = [];
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            plan.Add(reader.GetString(0));

        Assert.Contains(plan, static l => l.Contains("Index Scan using charge_pkey", StringComparison.Ordinal));
        Assert.Contains(plan, static l => l.Contains("Index Cond: ((tx > $4)", StringComparison.Ordinal) && l.Contains("tx < ", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, static l => l.Contains("Seq Scan", StringComparison.Ordinal));
    }

    private async Task<PostgresUsageStore> OpenAsync(string? connectionString = null)
    {
        var store = new PostgresUsageStore(connectionString ?? database.ConnectionString, new PostgresOptions { Schema = _schema });
        await store.InitializeAsync(UsageTerms.Default, TestContext.Current.CancellationToken);
        return store;
    }

    private async Task AssertSoundAsync(PostgresUsageStore store, string isAsExpected)
    {
        Assert.Equal([], (await store.AuditAsync()).Findings);
        Assert.Empty((await store.RepairAsync(new UsageRepairOptions())).Changes);
        Assert.True(await database.ScalarAsync<bool>(isAsExpected.Replace("{0}", _schema, StringComparison.Ordinal)));
    }
}
