using Npgsql;

namespace Reliable.CommitLoad.Contenders;

/// <summary>What the hand-written contenders share: a pool as wide as the load, up to 64, and a typed table of counters.</summary>
internal static class HandWritten
{
    private const int LargestPool = 64;

    public static NpgsqlDataSource Connect(string connectionString, int callers)
        => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = Math.Min(callers, LargestPool), NoResetOnClose = true });

    // As many free bytes on each page as the library's own table has.
    public static async Task CreateCountersAsync(NpgsqlDataSource source, string table, IReadOnlyList<string> users)
    {
        await using NpgsqlCommand command = source.CreateCommand($"""
            DROP TABLE IF EXISTS {table};
            CREATE TABLE {table} (user_id text PRIMARY KEY, used bigint NOT NULL DEFAULT 0, day date NOT NULL DEFAULT current_date) WITH (fillfactor = 70);
            """);
        await command.ExecuteNonQueryAsync();
        await using NpgsqlCommand fill = source.CreateCommand($"INSERT INTO {table} (user_id) SELECT unnest($1::text[])");
        fill.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. users] });
        await fill.ExecuteNonQueryAsync();
    }

    public static async Task<long> CountAsync(NpgsqlDataSource source, string table)
    {
        await using NpgsqlCommand command = source.CreateCommand($"SELECT sum(used)::bigint FROM {table}");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
