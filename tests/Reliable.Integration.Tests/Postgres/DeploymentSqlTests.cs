using System.Text.RegularExpressions;
using Npgsql;
using Reliable.Faults;
using Reliable.Infrastructure;
using Reliable.Stores;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>Runs the SQL of docs/deployment.md as it is written there, and then does everything as the role that it has made.</summary>
public sealed partial class DeploymentSqlTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string DocumentedRole = "quota_app";

    private readonly string _role = $"app{Guid.NewGuid():N}";
    private readonly string _schema = $"s{Guid.NewGuid():N}";

    [Fact]
    public async Task Managed_WhenTheRoleHasWhatIsDocumented_DoesEverything()
    {
        await RunAsync("managed: by the owner", "docs/sql/postgres-managed.sql");
        await RunAsync("limit of one user");
        await using PostgresUsageStore store = Open();

        await ExerciseAsync(store, "ann");

        Assert.Equal(100, (await store.ReadAsync("ann")).Limit);
        await store.SetLimitAsync("ann", Charges.Counter, 7, TestContext.Current.CancellationToken);
        await AssertIntegrityAsync("integrity, managed", $"UPDATE {_schema}.usage SET used = used + 1 WHERE user_id = 'ann'");
        Assert.Single((await store.RepairAsync(new UsageRepairOptions())).Changes);
        Assert.Equal(7, (await store.ReadAsync("ann")).Limit);
    }

    [Theory]
    [InlineData("INSERT", "usage")]
    [InlineData("UPDATE", "usage")]
    [InlineData("SELECT", "usage")]
    [InlineData("INSERT", "charge")]
    [InlineData("UPDATE", "charge")]
    [InlineData("SELECT", "charge")]
    public async Task Managed_WhenOneOfThemIsMissing_StartNamesIt(string permission, string table)
    {
        await RunAsync("managed: by the owner", "docs/sql/postgres-managed.sql");
        await database.ExecuteAsync($"REVOKE {permission} ON {_schema}.{table} FROM {_role}");
        await using PostgresUsageStore store = Open();

        UsageStoreException failure = await Assert.ThrowsAsync<UsageStoreException>(() => InitializeAsync(store));

        Assert.StartsWith($"Role '{_role}' lacks {permission} on table '{_schema}.{table}'.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Managed_WhenDeleteIsMissing_PurgeNamesIt()
    {
        await RunAsync("managed: by the owner", "docs/sql/postgres-managed.sql");
        await database.ExecuteAsync($"REVOKE DELETE ON {_schema}.charge FROM {_role}");
        await using PostgresUsageStore store = Open();
        await InitializeAsync(store);

        UsageStoreException failure = await Assert.ThrowsAsync<UsageStoreException>(() => PurgeAsync(store));

        Assert.Contains($"lacks DELETE on table '{_schema}.charge'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mapped_WhenTheRoleHasWhatIsDocumented_DoesEverything()
    {
        await database.ExecuteAsync($"CREATE SCHEMA {_schema}; {MappedVariant.User.Ddl.Replace("public.", _schema + ".", StringComparison.Ordinal)}");
        await RunAsync("mapped: by the owner", "docs/sql/postgres-mapped.sql");
        string ann = Guid.NewGuid().ToString();
        await database.ExecuteAsync(
            $"INSERT INTO {_schema}.\"User\" (id, email, \"requestsToday\", \"dailyRequestLimit\") VALUES ('{ann}', 'ann@example.com', '0', '100')");
        await using PostgresUsageStore store = Open(o => o.MapTable("User", t =>
        {
            t.Schema = _schema;
            t.UserId = "id";
            t.Used = "requestsToday";
            t.Limit = "dailyRequestLimit";
            t.LastReset = "lastRequestReset";
            t.UpdatedAt = "updatedAt";
        }));

        await ExerciseAsync(store, ann);

        await AssertIntegrityAsync("integrity, mapped", $"UPDATE {_schema}.\"User\" SET \"requestsToday\" = '9'");
        Assert.Single((await store.RepairAsync(new UsageRepairOptions())).Changes);

        // What was not granted is not to be had: the role reads no addresses, and deletes nobody.
        await AssertRefusedAsync($"SELECT email FROM {_schema}.\"User\"");
        await AssertRefusedAsync($"UPDATE {_schema}.\"User\" SET \"dailyRequestLimit\" = '1000'");
        await AssertRefusedAsync($"DELETE FROM {_schema}.\"User\"");
    }

    private static async Task InitializeAsync(PostgresUsageStore store) => await store.InitializeAsync(UsageTerms.Default, TestContext.Current.CancellationToken);

    private static async Task PurgeAsync(PostgresUsageStore store)
        => await store.PurgeAsync(TimeSpan.FromDays(4), Guid.Empty, 100, UsageTerms.Default, TestContext.Current.CancellationToken);

    // Start, charge alone and in a batch, again, refund, read, audit, purge.
    private static async Task ExerciseAsync(PostgresUsageStore store, string user)
    {
        await InitializeAsync(store);
        Charge first = Charges.New(user);
        Charge[] more = Charges.New(5, _ => user);

        Assert.Equal(ChargeOutcome.Counted, (await store.SettleAsync(first)).Outcome);
        Assert.All(await store.SettleAsync(UsageTerms.Default, more), static result => Assert.Equal(ChargeOutcome.Counted, result.Outcome));
        Assert.Equal(ChargeOutcome.AlreadyCounted, (await store.SettleAsync(first, UsageTerms.Default with { MayBeKnown = true })).Outcome);
        Assert.Equal(RefundResult.Refunded, await store.RefundAsync(more[0]));
        Assert.Equal(RefundResult.Blocked, await store.RefundAsync(Charges.New(user)));
        Assert.Equal(5, (await store.ReadAsync(user)).Used);
        Assert.Empty((await store.AuditAsync()).Findings);
        await PurgeAsync(store);
    }

    private async Task AssertIntegrityAsync(string query, string damage)
    {
        string sql = Translate(Block(query));
        Assert.Empty(await database.ColumnAsync($"SELECT x::text FROM ({sql.TrimEnd(';')}) x"));
        await database.ExecuteAsync(damage);
        Assert.Single(await database.ColumnAsync($"SELECT x::text FROM ({sql.TrimEnd(';')}) x"));
    }

    private async Task AssertRefusedAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    private async Task RunAsync(string title, string? script = null)
    {
        string sql = Block(title);
        if (script is not null)
        {
            Assert.Contains($"-- here: {script}\n", sql, StringComparison.Ordinal);
            sql = sql.Replace($"-- here: {script}\n", await File.ReadAllTextAsync(Repository.PathOf(script.Split('/'))), StringComparison.Ordinal);
        }

        await database.ExecuteAsync(Translate(sql));
    }

    // The role, the schema and the table of the document, in names of this test's own.
    private string Translate(string sql) => OwnSchema()
        .Replace(sql, _schema)
        .Replace(DocumentedRole, _role, StringComparison.Ordinal)
        .Replace("\"User\"", $"{_schema}.\"User\"", StringComparison.Ordinal);

    private static string Block(string title)
        => Assert.Single(
            Blocks().Matches(File.ReadAllText(Repository.PathOf("docs", "deployment.md"))).Select(static block => block.Groups[1].Value.Trim()),
            block => block.StartsWith($"-- {title}", StringComparison.Ordinal));

    private string ConnectionString
        => new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = _role, Password = "change-me" }.ConnectionString;

    private PostgresUsageStore Open(Action<PostgresOptions>? configure = null)
    {
        var options = new PostgresOptions { Schema = _schema };
        configure?.Invoke(options);
        return new PostgresUsageStore(ConnectionString, options);
    }

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    // The schema by its name, with and without quotes; not the word in a comment.
    [GeneratedRegex("\"reliable\"|\\breliable\\b(?=[.; ])(?<!-- .*)")]
    private static partial Regex OwnSchema();
}
