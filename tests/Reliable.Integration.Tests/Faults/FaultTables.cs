using System.Globalization;
using Npgsql;

namespace Reliable.Faults;

/// <summary>The users of one fault test in a database of its own, in tables of Reliable's own or in the <c>"User"</c> table of the published examples.</summary>
internal sealed class FaultTables : IAsyncDisposable
{
    private const string MappedDdl = """
        CREATE TABLE public."User" (
          id uuid PRIMARY KEY, "requestsToday" varchar, "dailyRequestLimit" varchar, "lastRequestReset" timestamp, "updatedAt" timestamp)
        """;

    private const string Managed = "SELECT user_id AS u, used AS n, day FROM reliable.usage WHERE counter = 'requests'";
    private const string Mapped = "SELECT id::text AS u, \"requestsToday\"::bigint AS n, \"lastRequestReset\"::date AS day FROM public.\"User\"";

    private NpgsqlDataSource _source;

    private FaultTables(string administrator, bool isMapped)
    {
        _source = CreateSource(administrator);
        ConnectionString = administrator;
        IsMapped = isMapped;
    }

    /// <summary>The administrator's, past every proxy.</summary>
    public string ConnectionString { get; private set; }

    public bool IsMapped { get; }

    public IReadOnlyList<string> Users { get; private set; } = [];

    private string Counters => IsMapped ? Mapped : Managed;

    /// <summary>Creates tables and users.</summary>
    /// <param name="administrator">A connection string to an empty database, past every proxy.</param>
    /// <param name="isMapped">Whether counters are in the application's table.</param>
    /// <param name="users">How many users.</param>
    /// <param name="limit">Every user's limit; <see langword="null"/> for none.</param>
    public static async Task<FaultTables> CreateAsync(string administrator, bool isMapped, int users, long? limit = null)
    {
        var tables = new FaultTables(administrator, isMapped)
        {
            Users = [.. Enumerable.Range(0, users).Select(static _ => Guid.NewGuid().ToString())],
        };
        await tables.ExecuteAsync(isMapped ? PostgresScripts.Mapped() + MappedDdl : PostgresScripts.Managed());
        await tables.ExecuteAsync(
            isMapped
                ? """INSERT INTO public."User" SELECT u::uuid, '0', $2::text, '2001-02-03' FROM unnest($1::text[]) AS u"""
                : "INSERT INTO reliable.usage (user_id, counter, \"limit\") SELECT u, 'requests', $2::bigint FROM unnest($1::text[]) AS u",
            tables.Users.ToArray(), isMapped ? limit?.ToString(CultureInfo.InvariantCulture) : limit);
        return tables;
    }

    public PostgresOptions CreateOptions() => IsMapped ? Map(new PostgresOptions()) : new PostgresOptions();

    /// <summary>Maps the table of the published examples.</summary>
    public static PostgresOptions Map(PostgresOptions options) => options.MapTable("User", static t =>
    {
        t.UserId = "id";
        t.Used = "requestsToday";
        t.Limit = "dailyRequestLimit";
        t.LastReset = "lastRequestReset";
        t.UpdatedAt = "updatedAt";
    });

    /// <summary>Counters and ledger of one snapshot. A counter's own day decides what belongs to it, so that midnight may pass.</summary>
    public async Task<StoreState> ReadAsync()
    {
        Dictionary<string, long> counters = [];
        Dictionary<Guid, LedgerRow> ledger = [];
        await using NpgsqlCommand command = _source.CreateCommand($"""
            WITH c AS ({Counters})
            SELECT u, n, NULL::uuid, NULL::int, NULL::bool, NULL::bool FROM c
            UNION ALL
            SELECT l.user_id, 0, l.tx, l.amount, l.state = 1, l.day = c.day FROM reliable.charge l LEFT JOIN c ON c.u = l.user_id
            """);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            if (await reader.IsDBNullAsync(2))
                counters.Add(reader.GetString(0), await reader.IsDBNullAsync(1) ? 0 : reader.GetInt64(1));
            else
                ledger.Add(reader.GetGuid(2), ReadLedgerRow(reader));
        }

        return new StoreState(counters, ledger);
    }

    /// <summary>Users whose counter is not the sum of its day's ledger at this moment, or above the limit: none, at any moment.</summary>
    public async Task<IReadOnlyList<string>> AuditAsync(long? limit = null)
    {
        List<string> findings = [];
        await using NpgsqlCommand command = _source.CreateCommand($"""
            WITH c AS ({Counters}), l AS (SELECT user_id, day, sum(amount) AS n FROM reliable.charge WHERE state = 1 GROUP BY user_id, day)
            SELECT c.u || ': counter ' || COALESCE(c.n, 0) || ', ledger ' || COALESCE(l.n, 0)
            FROM c LEFT JOIN l ON l.user_id = c.u AND l.day = c.day WHERE COALESCE(c.n, 0) <> COALESCE(l.n, 0) OR c.n > $1
            """);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = limit ?? long.MaxValue });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            findings.Add(reader.GetString(0));
        return findings;
    }

    private static LedgerRow ReadLedgerRow(NpgsqlDataReader reader)
        => new(reader.GetString(0), reader.GetInt32(3), reader.GetBoolean(4), !reader.IsDBNull(5) && reader.GetBoolean(5));

    public async Task ExecuteAsync(string sql, params object?[] parameters)
    {
        await using NpgsqlCommand command = _source.CreateCommand(sql);
        foreach (object? parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter ?? DBNull.Value });
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using NpgsqlCommand command = _source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A connection of the test's own, past every proxy.</summary>
    public async Task<NpgsqlConnection> OpenAsync() => await _source.OpenConnectionAsync();

    /// <summary>The same database, on another server now.</summary>
    public void MoveTo(string administrator)
    {
        _source.Dispose();
        _source = CreateSource(administrator);
        ConnectionString = administrator;
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    // Looks come seldom and between crashes: each has a connection of its own.
    private static NpgsqlDataSource CreateSource(string administrator)
    {
        var settings = new NpgsqlConnectionStringBuilder(administrator) { Pooling = false };
        if (settings.Host!.Contains(',', StringComparison.Ordinal))
            settings.TargetSessionAttributes = "read-write";
        return NpgsqlDataSource.Create(settings.ConnectionString);
    }
}
