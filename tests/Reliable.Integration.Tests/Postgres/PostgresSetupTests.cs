using Npgsql;
using Reliable.Stores;
using Reliable.Usage;

namespace Reliable.Postgres;

public sealed class PostgresSetupTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private readonly string _name = $"t{Guid.NewGuid():N}";

    [Theory]
    [InlineData("Upper Case")]
    [InlineData("\"; DROP SCHEMA public; --")]
    public async Task Initialize_WhenNothingExists_CreatesTablesInTheSchema(string schema)
    {
        await using var store = new PostgresUsageStore(database.ConnectionString, new PostgresOptions { Schema = schema });
        await InitializeAsync(store);

        ChargeResult result = await store.SettleAsync(Charges.New("u"));

        Assert.Equal(1, result.Used);
        Assert.Equal(["charge", "usage"], await database.ColumnAsync("SELECT tablename::text FROM pg_tables WHERE schemaname = $1 ORDER BY 1", schema));
    }

    [Fact]
    public async Task Initialize_WhenManyInstancesStartAtOnce_AllSucceed()
    {
        var options = new PostgresOptions { Schema = _name };
        PostgresUsageStore[] stores = [.. Enumerable.Range(0, 8).Select(_ => new PostgresUsageStore(database.ConnectionString, options))];

        await Task.WhenAll(stores.Select(s => Task.Run(() => InitializeAsync(s))));
        ChargeResult[] results = await Task.WhenAll(stores.Select(static s => s.SettleAsync(Charges.New("u"))));

        Assert.Equal(Enumerable.Range(1, 8).Select(static i => (long)i), results.Select(static r => r.Used).Order());
        foreach (PostgresUsageStore store in stores)
            await store.DisposeAsync();
    }

    [Fact]
    public async Task Initialize_WhenRoleMayNotCreate_CarriesTheScriptThatDoes()
    {
        string connectionString = await CreateRoleAsync();
        await using var store = new PostgresUsageStore(connectionString, new PostgresOptions { Schema = _name });

        UsageStoreException failure = await Assert.ThrowsAsync<UsageStoreException>(() => InitializeAsync(store));
        await database.ExecuteAsync(failure.Script!);
        await InitializeAsync(store);

        Assert.Contains($"schema '{_name}' is missing", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"role '{_name}' may not create it (permission denied for database", failure.Message, StringComparison.Ordinal);
        Assert.Contains(failure.Script!, failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await store.SettleAsync(Charges.New("u"))).Used);
        Assert.Equal(RefundResult.Blocked, await store.RefundAsync(Charges.New("u")));
    }

    [Fact]
    public async Task Initialize_WhenCreatingIsSwitchedOff_CarriesTheScript()
    {
        await using var store = new PostgresUsageStore(database.ConnectionString, new PostgresOptions { Schema = _name, CreateTables = false });

        UsageStoreException failure = await Assert.ThrowsAsync<UsageStoreException>(() => InitializeAsync(store));

        Assert.Contains("CreateTables is 'false'", failure.Message, StringComparison.Ordinal);
        Assert.Equal(PostgresScripts.Managed(_name, new NpgsqlConnectionStringBuilder(database.ConnectionString).Username), failure.Script);
    }

    [Theory]
    [InlineData("ALTER TABLE {0}.charge DROP COLUMN amount", "has no column 'amount' (int4). It has: 'tx' (uuid)")]
    [InlineData("ALTER TABLE {0}.usage ALTER COLUMN used TYPE integer", "Column 'used' of table '{0}.usage' is of type 'integer'; it must be 'int8'")]
    [InlineData("ALTER TABLE {0}.usage DROP CONSTRAINT usage_pkey", "refuses the statements for them: there is no unique or exclusion constraint")]
    public async Task Initialize_WhenTableIsNotAsExpected_NamesTheDifference(string change, string expected)
    {
        await database.ExecuteAsync(PostgresScripts.Managed(_name));
        await database.ExecuteAsync(change.Replace("{0}", _name, StringComparison.Ordinal));
        await using var store = new PostgresUsageStore(database.ConnectionString, new PostgresOptions { Schema = _name });

        UsageStoreException failure = await Assert.ThrowsAsync<UsageStoreException>(() => InitializeAsync(store));

        Assert.Contains(expected.Replace("{0}", _name, StringComparison.Ordinal), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Initialize_WhenPermissionIsMissing_NamesIt()
    {
        string connectionString = await CreateRoleAsync();
        await database.ExecuteAsync(PostgresScripts.Managed(_name, _name));
        await database.ExecuteAsync($"REVOKE INSERT, UPDATE ON {_name}.charge FROM {_name}");
        await using var store = new PostgresUsageStore(connectionString, new PostgresOptions { Schema = _name });

        UsageStoreException failure = await Assert.ThrowsAsync<UsageStoreException>(() => InitializeAsync(store));

        Assert.StartsWith(
            $"Role '{_name}' lacks INSERT on table '{_name}.charge', UPDATE on table '{_name}.charge'. ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("GRANT SELECT, INSERT, UPDATE", failure.Script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Initialize_WhenDatabaseDoesNotExist_SaysSo()
    {
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = _name, Password = "secret-7" };
        await using var store = new PostgresUsageStore(settings.ConnectionString);

        UsageStoreException failure = await Assert.ThrowsAsync<UsageStoreException>(() => InitializeAsync(store));

        Assert.Contains($"database \"{_name}\" does not exist", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-7", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settle_WhenNotInitialized_SaysWhatToDo()
    {
        await using var store = new PostgresUsageStore(database.ConnectionString);

        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => store.SettleAsync(Charges.New("u")));

        Assert.Contains("InitializeAsync", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0xDBFF)]
    [InlineData(0xDC00)]
    public async Task Settle_WhenUserIdCannotBeStored_BelongsToNobody(int character)
    {
        string user = $"a{(char)character}b";
        await using var store = new PostgresUsageStore(database.ConnectionString, new PostgresOptions { Schema = _name });
        await InitializeAsync(store);

        ChargeResult[] results = await store.SettleAsync(
            UsageTerms.Default, Charges.New(user), Charges.New("u"), Charges.New(new string('名', 401)), Charges.New(new string('名', 400)));

        Assert.Equal([ChargeOutcome.UnknownUser, ChargeOutcome.Counted, ChargeOutcome.UnknownUser, ChargeOutcome.Counted], results.Outcomes());
        Assert.False((await store.ReadAsync(user)).Exists);
        Assert.Equal(RefundResult.UnknownUser, await store.RefundAsync(Charges.New(user)));
    }

    // A plan is made once, while the tables are empty, and kept: it must look rows up by their keys, or every batch would read the whole ledger one day.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Apply_WhenPlannedOnEmptyTables_ReadsNoWholeTable(bool mixedAmounts)
    {
        var options = new PostgresOptions { Schema = _name };
        await using var store = new PostgresUsageStore(database.ConnectionString, options);
        await InitializeAsync(store);
        await using var connections = new PostgresConnections(new NpgsqlConnectionStringBuilder(database.ConnectionString), options);
        await using ChargeLane lane = await connections.TakeLaneAsync();
        NpgsqlConnection connection = lane.Connection;
        await using var prepare = new NpgsqlCommand($"PREPARE s AS {PostgresSql.Apply(ManagedShape.Create(_name), mixedAmounts)}", connection);
        await prepare.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await using var explain = new NpgsqlCommand("EXPLAIN EXECUTE s('UTC', NULL, '{}', '{}', '{}', '{}', NULL, true)", connection);
        await using NpgsqlDataReader reader = await explain.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        List<string> plan = [];
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            plan.Add(reader.GetString(0));

        Assert.Contains(plan, static l => l.Contains("Index Scan using charge_pkey", StringComparison.Ordinal));
        Assert.Contains(plan, static l => l.Contains("Index Scan using usage_pkey", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, static l => l.Contains("Seq Scan", StringComparison.Ordinal));
    }

    private static async Task InitializeAsync(PostgresUsageStore store)
        => await store.InitializeAsync(UsageTerms.Default, TestContext.Current.CancellationToken);

    private async Task<string> CreateRoleAsync()
    {
        await database.ExecuteAsync($"CREATE ROLE {_name} LOGIN PASSWORD 'secret'");
        return new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = _name, Password = "secret" }.ConnectionString;
    }
}
