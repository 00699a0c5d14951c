using Npgsql;

namespace Reliable.Postgres;

/// <summary>Reads tables from the database's catalogue. Names are parameters here, never text, so that any name is either found or missing.</summary>
internal static class PostgresCatalog
{
    private const string TableSql = """
        SELECT has_schema_privilege(n.oid, 'USAGE'), a.attname::text, t.typname::text, format_type(a.atttypid, a.atttypmod),
          has_column_privilege(c.oid, a.attnum, 'SELECT'), has_column_privilege(c.oid, a.attnum, 'INSERT'), has_column_privilege(c.oid, a.attnum, 'UPDATE'),
          EXISTS (SELECT 1 FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
            AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum)
        FROM pg_catalog.pg_namespace n
        JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p')
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        JOIN pg_catalog.pg_type d ON d.oid = a.atttypid
        JOIN pg_catalog.pg_type t ON t.oid = CASE WHEN d.typtype = 'd' THEN d.typbasetype ELSE d.oid END
        WHERE n.nspname = $1 AND c.relname = $2
        ORDER BY a.attnum
        """;

    private const string SimilarSql = """
        SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND lower(c.relname) = lower($1) ORDER BY 1, 2 LIMIT 5
        """;

    /// <summary>Reads a table; <see langword="null"/> when there is none of that name.</summary>
    public static async Task<TableInfo?> ReadTableAsync(NpgsqlConnection connection, string schema, string name, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand(TableSql, connection) { Parameters = { new() { Value = schema }, new() { Value = name } } };
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        bool canUseSchema = true;
        List<ColumnInfo> columns = [];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            canUseSchema = reader.GetBoolean(0);
            columns.Add(new ColumnInfo(
                reader.GetString(1), reader.GetString(2), reader.GetString(3),
                reader.GetBoolean(4), reader.GetBoolean(5), reader.GetBoolean(6), reader.GetBoolean(7)));
        }

        return columns.Count == 0 ? null : new TableInfo(schema, name, canUseSchema, columns);
    }

    /// <summary>Tables whose name differs in case or schema only, as a message lists them.</summary>
    public static async Task<IReadOnlyList<string>> FindSimilarAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand(SimilarSql, connection) { Parameters = { new() { Value = name } } };
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        List<string> names = [];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            names.Add($"'{reader.GetString(0)}'.'{reader.GetString(1)}'");
        return names;
    }

    /// <summary>Whether a schema exists, and the names of the role and the database, for messages and scripts.</summary>
    public static async Task<(bool SchemaExists, string Role, string Database)> ReadSessionAsync(
        NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        const string Text = "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1), current_user::text, current_database()::text";
        using var command = new NpgsqlCommand(Text, connection) { Parameters = { new() { Value = schema } } };
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        return (reader.GetBoolean(0), reader.GetString(1), reader.GetString(2));
    }

    /// <summary>
    /// Whether the server knows a time zone by that name. It would also take offsets such as <c>UTC+1</c>, with the sign of POSIX: a name with a digit must be
    /// in its list, which takes 40 ms to read.
    /// </summary>
    public static async Task<bool> KnowsTimeZoneAsync(NpgsqlConnection connection, string timeZone, CancellationToken cancellationToken)
    {
        string text = timeZone.Any(char.IsDigit)
            ? "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_timezone_names WHERE lower(name) = lower($1))"
            : "SELECT now() AT TIME ZONE $1 IS NOT NULL";
        using var command = new NpgsqlCommand(text, connection) { Parameters = { new() { Value = timeZone } } };
        try
        {
            return (bool)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidParameterValue)
        {
            return false;
        }
    }
}
