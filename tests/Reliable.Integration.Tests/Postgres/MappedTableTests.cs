using Npgsql;
using Reliable.Stores;
using Reliable.Usage;

namespace Reliable.Postgres;

public sealed class MappedTableTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private readonly string _name = $"T{Guid.NewGuid():N}";

    [Fact]
    public async Task Initialize_WhenTableIsMissing_NamesThoseThatAreSimilar()
    {
        await database.ExecuteAsync($"CREATE TABLE {_name} (id int PRIMARY KEY)");

        UsageStoreException failure = await FailAsync(t => (t.UserId, t.Used) = ("id", "used"));

        Assert.Contains($"Table 'public'.'{_name}', which MapTable names, does not exist", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"There is 'public'.'{_name.ToLowerInvariant()}'", failure.Message, StringComparison.Ordinal);
        await database.ExecuteAsync(failure.Script!);
        await using PostgresUsageStore store = await OpenAsync(t => (t.UserId, t.Used) = ("id", "used"));
        Assert.Equal(ChargeOutcome.UnknownUser, (await store.SettleAsync(Charges.New("u"))).Outcome);
    }

    [Fact]
    public async Task Initialize_WhenColumnsAreMissing_ListsThoseThatExist()
    {
        await CreateTableAsync("id int PRIMARY KEY, used int, \"Limit\" int");

        UsageStoreException failure = await FailAsync(t => (t.UserId, t.Used, t.Limit, t.LastReset) = ("id", "used", "limit", "since"));

        Assert.Contains("has no column 'limit' (Limit), 'since' (LastReset). It has: 'id' (integer), 'used' (integer), 'Limit' (integer).", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"ALTER TABLE \"public\".\"{_name}\" ADD COLUMN \"since\" timestamptz;", failure.Script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"; DROP TABLE victim; --")]
    [InlineData("x') FROM victim; DROP TABLE victim; --")]
    [InlineData("{0}\" = 1; DROP TABLE victim; --")]
    public async Task Initialize_WhenNameIsAnInjection_FindsNothingByThatName(string name)
    {
        await database.ExecuteAsync("CREATE TABLE IF NOT EXISTS victim (id int)");
        await CreateTableAsync("id int PRIMARY KEY, used int");

        UsageStoreException column = await FailAsync(t => (t.UserId, t.Used, t.Limit) = ("id", "used", name));
        UsageStoreException table = await FailAsync(t => (t.UserId, t.Used) = ("id", "used"), name);
        await database.ExecuteAsync(table.Script!);
        await database.ExecuteAsync(column.Script!);
        await using PostgresUsageStore store = await OpenAsync(t => (t.UserId, t.Used, t.Limit) = ("id", "used", name));

        Assert.Contains($"'{name}'", column.Message, StringComparison.Ordinal);
        Assert.Contains($"'{name}'", table.Message, StringComparison.Ordinal);
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM victim"));
        await database.ExecuteAsync($"DROP TABLE public.{Sql.Quote(name)}");
    }

    [Theory]
    [InlineData("id int, used int", "Column 'id' (UserId) is not unique")]
    [InlineData("id json, used boolean, since text", "Column 'id' (UserId) is of type 'json'")]
    [InlineData("id int PRIMARY KEY, used boolean", "Column 'used' (Used) is of type 'boolean'; it must be text, varchar, char, smallint, integer, bigint or numeric.")]
    [InlineData("id int PRIMARY KEY, used int, since text", "Column 'since' (LastReset) is of type 'text'; it must be timestamp, timestamptz or date.")]
    [InlineData("id int PRIMARY KEY, base int, used int GENERATED ALWAYS AS (base + 1) STORED", "refuses the statements for them: column \"used\" can only be updated to DEFAULT")]
    public async Task Initialize_WhenColumnDoesNotDo_SaysWhy(string columns, string expected)
    {
        await CreateTableAsync(columns);

        UsageStoreException failure = await FailAsync(t => (t.UserId, t.Used, t.LastReset) = ("id", "used", columns.Contains("since", StringComparison.Ordinal) ? "since" : null));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Initialize_WhenPermissionsAreMissing_CarriesExactlyTheGrants()
    {
        string role = _name.ToLowerInvariant();
        await CreateTableAsync("id int PRIMARY KEY, used int, secret text");
        await database.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'secret'");
        await database.ExecuteAsync(PostgresScripts.Mapped("reliable", role));
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = role, Password = "secret" };

        UsageStoreException failure = await FailAsync(t => (t.UserId, t.Used) = ("id", "used"), connectionString: connection.ConnectionString);
        await database.ExecuteAsync(failure.Script!);
        await database.ExecuteAsync($"INSERT INTO \"{_name}\" VALUES (7, 3)");
        await using PostgresUsageStore store = await OpenAsync(t => (t.UserId, t.Used) = ("id", "used"), connectionString: connection.ConnectionString);

        Assert.Contains("SELECT (\"id\", \"used\")", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"UPDATE (\"used\") ON \"public\".\"{_name}\"", failure.Message, StringComparison.Ordinal);
        Assert.Equal(4, (await store.SettleAsync(Charges.New("7"))).Used);
    }

    [Fact]
    public async Task Settle_WhenCounterIsNotMapped_SaysWhichAre()
    {
        await CreateTableAsync("id int PRIMARY KEY, used int");
        await using PostgresUsageStore store = await OpenAsync(t => (t.UserId, t.Used) = ("id", "used"));

        UsageStoreException failure = await Assert.ThrowsAsync<UsageStoreException>(() => store.SettleAsync(Charges.New("1") with { Counter = "tokens" }));

        Assert.Contains("Counter 'tokens' is not mapped to a table; mapped are 'requests'.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(StoreFailure.Permanent, store.Classify(failure));
    }

    [Fact]
    public async Task Settle_WhenTwoCountersShareATable_LocksTheirUsersInOneOrder()
    {
        await CreateTableAsync("id int PRIMARY KEY, requests int NOT NULL DEFAULT 0, tokens bigint NOT NULL DEFAULT 0");
        await database.ExecuteAsync($"INSERT INTO \"{_name}\" SELECT generate_series(1, 20)");
        var options = new PostgresOptions();
        foreach (string counter in new[] { "tokens", "requests" })
            options.MapTable(_name, t => (t.UserId, t.Used, t.Counter) = ("id", counter, counter));

        await Parallel.ForEachAsync(Enumerable.Range(0, 5), TestContext.Current.CancellationToken, async (seed, cancellationToken) =>
        {
            await using var store = new PostgresUsageStore(database.ConnectionString, options);
            await store.InitializeAsync(UsageTerms.Default, cancellationToken);
            var random = new Random(seed);
            for (int n = 0; n < 15; n++)
            {
                ChargeResult[] results = await store.SettleAsync(UsageTerms.Default, [.. Enumerable.Range(0, 20).Select(i => i % 2 == 0
                    ? Charges.New($"{random.Next(1, 21)}")
                    : Charges.New($"{random.Next(1, 21)}", amount: 100) with { Counter = "tokens" })]);
                Assert.All(results, static r => Assert.Equal(ChargeOutcome.Counted, r.Outcome));
            }
        });

        Assert.Equal(750, await database.ScalarAsync<long>($"SELECT sum(requests) FROM \"{_name}\""));
        Assert.Equal(75_000, await database.ScalarAsync<decimal>($"SELECT sum(tokens) FROM \"{_name}\""));
    }

    private async Task CreateTableAsync(string columns) => await database.ExecuteAsync($"CREATE TABLE \"{_name}\" ({columns})");

    private async Task<UsageStoreException> FailAsync(Action<MappedTable> map, string? table = null, string? connectionString = null)
        => await Assert.ThrowsAsync<UsageStoreException>(() => OpenAsync(map, table, connectionString));

    private async Task<PostgresUsageStore> OpenAsync(Action<MappedTable> map, string? table = null, string? connectionString = null)
    {
        var store = new PostgresUsageStore(connectionString ?? database.ConnectionString, new PostgresOptions().MapTable(table ?? _name, map));
        try
        {
            await store.InitializeAsync(UsageTerms.Default, TestContext.Current.CancellationToken);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }
}
