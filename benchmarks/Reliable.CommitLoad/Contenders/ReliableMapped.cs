using Npgsql;
using Reliable.Postgres;

namespace Reliable.CommitLoad.Contenders;

/// <summary>The library with an application's table whose counters are text, the hardest of those it maps.</summary>
internal sealed class ReliableMapped(string connectionString, CommitMode mode) : ReliableContender(mode)
{
    private readonly string _name = $"mapped_{mode}".ToLowerInvariant();

    public override string Name => $"Reliable, mapped varchar, {Mode}";

    protected override async Task<Usage.IUsageStore> CreateStoreAsync(IReadOnlyList<string> users)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using NpgsqlCommand command = source.CreateCommand($"""
            DROP SCHEMA IF EXISTS {_name} CASCADE;
            DROP TABLE IF EXISTS "{_name}_user";
            CREATE TABLE "{_name}_user" (id uuid PRIMARY KEY, "requestsToday" varchar, "dailyRequestLimit" varchar, "lastRequestReset" timestamp,
              "updatedAt" timestamp) WITH (fillfactor = 70)
            """);
        await command.ExecuteNonQueryAsync();
        await using NpgsqlCommand fill = source.CreateCommand(
            $"""INSERT INTO "{_name}_user" SELECT unnest($1::uuid[]), '0', '1000000000', now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc'""");
        fill.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. users.Select(Guid.Parse)] });
        await fill.ExecuteNonQueryAsync();
        var options = new PostgresOptions { Schema = _name };
        options.MapTable($"{_name}_user", static t => (t.UserId, t.Used, t.Limit, t.LastReset, t.UpdatedAt)
            = ("id", "requestsToday", "dailyRequestLimit", "lastRequestReset", "updatedAt"));
        return new PostgresUsageStore(connectionString, options);
    }

    public override async Task<long> CountAsync()
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using NpgsqlCommand command = source.CreateCommand($"""SELECT sum("requestsToday"::bigint)::bigint FROM "{_name}_user" """);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
