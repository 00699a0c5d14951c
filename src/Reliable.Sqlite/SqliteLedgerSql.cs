namespace Reliable.Sqlite;

/// <summary>
/// The statements of audit, repair and purge. Those that read take $1 today, $2 default limit, $3 counter or NULL for all, $4 users as an array of JSON or NULL
/// for all, $5 the most rows, $6 the kinds that are looked for.
/// </summary>
internal static class SqliteLedgerSql
{
    private const string InTable = "($3 IS NULL OR u.counter = $3) AND ($4 IS NULL OR u.user_id IN (SELECT value FROM json_each($4)))";
    private const string InLedger = "($3 IS NULL OR c.counter = $3) AND ($4 IS NULL OR c.user_id IN (SELECT value FROM json_each($4)))";

    // Where something can be there twice, the table has lost its primary key, and then it has a rowid.
    private const string ChargeOrder = "d.state DESC, d.rowid";
    private const string CounterOrder = "coalesce(d.day > $1, 0), d.day DESC, d.used DESC, d.rowid";
    private const string DistinctCharges
        = $"(SELECT * FROM (SELECT d.*, row_number() OVER (PARTITION BY d.tx ORDER BY {ChargeOrder}) AS copy FROM reliable_charge d) WHERE copy = 1)";

    private const string DistinctCounters
        = $"(SELECT * FROM (SELECT d.*, row_number() OVER (PARTITION BY d.user_id, d.counter ORDER BY {CounterOrder}) AS copy FROM reliable_usage d) WHERE copy = 1)";

    public const string Totals = $"""
        SELECT (SELECT count(*) FROM reliable_usage u WHERE {InTable}), (SELECT count(*) FROM reliable_charge c WHERE {InLedger})
        """;

    public const string DuplicateCharges = $"""
        SELECT c.tx, min(c.user_id), min(c.counter), max(c.day), count(*) FROM reliable_charge c
        GROUP BY c.tx HAVING count(*) > 1 AND max({InLedger}) ORDER BY c.tx LIMIT $5
        """;

    public const string DuplicateCounters = $"""
        SELECT u.user_id, u.counter, count(*), 0 FROM reliable_usage u WHERE {InTable}
        GROUP BY u.user_id, u.counter HAVING count(*) > 1 ORDER BY 1, 2 LIMIT $5
        """;

    public const string EarlyCharges
        = $"SELECT c.tx, c.user_id, c.counter, c.day, 1 FROM reliable_charge c WHERE c.day > $1 AND {InLedger} ORDER BY c.tx LIMIT $5";

    public const string Orphans = $"""
        SELECT g.user_id, g.counter, g.n, g.amount FROM (
          SELECT c.user_id, c.counter, count(*) AS n, sum(c.amount) AS amount FROM reliable_charge c WHERE {InLedger} GROUP BY c.user_id, c.counter) g
        WHERE NOT EXISTS (SELECT 1 FROM reliable_usage u WHERE u.user_id = g.user_id AND u.counter = g.counter) ORDER BY 1, 2 LIMIT $5
        """;

    /// <summary>All but one of the charge $1.</summary>
    public const string CollapseCharge = $"""
        DELETE FROM reliable_charge WHERE rowid IN (SELECT at FROM (
          SELECT d.rowid AS at, row_number() OVER (ORDER BY {ChargeOrder}) AS copy FROM reliable_charge d WHERE d.tx = $1) WHERE copy > 1)
        """;

    /// <summary>All but one row of the counter $3 of user $2; $1 is today.</summary>
    public const string CollapseCounter = $"""
        DELETE FROM reliable_usage WHERE rowid IN (SELECT at FROM (
          SELECT d.rowid AS at, row_number() OVER (ORDER BY {CounterOrder}) AS copy FROM reliable_usage d WHERE d.user_id = $2 AND d.counter = $3)
          WHERE copy > 1)
        """;

    /// <summary>The charge $2 comes back to the day $1.</summary>
    public const string MoveCharge = "UPDATE reliable_charge SET day = $1 WHERE tx = $2 AND day > $1";

    /// <summary>The counter $2 of user $1 becomes $3, and its day $4 unless that is NULL.</summary>
    public const string SetCounter = "UPDATE reliable_usage SET used = $3, day = coalesce($4, day) WHERE user_id = $1 AND counter = $2";

    /// <summary>The charges of user $1 and counter $2.</summary>
    public const string DeleteOrphan = "DELETE FROM reliable_charge WHERE user_id = $1 AND counter = $2";

    /// <summary>The end of a step of at most $3 charges behind $1 and before $2, and how many that is.</summary>
    public const string PurgeEnd = """
        SELECT max(tx), count(*) FROM (SELECT tx FROM reliable_charge WHERE tx > $1 AND tx < $2 ORDER BY tx LIMIT $3)
        """;

    /// <summary>The charges behind $1 up to $2 of days before $3.</summary>
    public const string Purge = "DELETE FROM reliable_charge WHERE tx > $1 AND tx <= $2 AND day < $3";

    /// <summary>The counters something is the matter with; the conditions are those of <c>CounterFacts</c>.</summary>
    public static string Counters(bool hasDuplicateCharges, bool hasDuplicateCounters) => $"""
        WITH s AS MATERIALIZED (
          SELECT c.user_id, c.counter, sum(c.amount) AS n FROM {(hasDuplicateCharges ? DistinctCharges : "reliable_charge")} c
          WHERE c.state = 1 AND c.day >= $1 AND {InLedger} GROUP BY c.user_id, c.counter
        ), x AS (
          SELECT u.user_id, u.counter, CAST(u.used AS TEXT) AS raw_used, CASE WHEN typeof(u.used) = 'integer' AND u.used >= 0 THEN u.used END AS used,
            CAST(u."limit" AS TEXT) AS raw_limit, typeof(u."limit") = 'integer' AND u."limit" >= 0 AS is_limit,
            coalesce(CASE WHEN typeof(u."limit") = 'integer' THEN u."limit" END, $2) AS lim, u.day AS raw_day, coalesce(u.day, '') AS day, coalesce(s.n, 0) AS n
          FROM {(hasDuplicateCounters ? DistinctCounters : "reliable_usage")} u LEFT JOIN s ON s.user_id = u.user_id AND s.counter = u.counter
          WHERE {InTable}
        )
        SELECT user_id, counter, raw_used, used, raw_limit, is_limit, lim, raw_day, CASE WHEN day > $1 THEN 1 WHEN day = $1 THEN 0 ELSE -1 END, n FROM x
        WHERE (($6 & 6) <> 0 AND (used IS NULL OR (raw_limit IS NOT NULL AND NOT is_limit)))
          OR (($6 & 64) <> 0 AND day > $1)
          OR (($6 & 1) <> 0 AND day <= $1 AND used IS NOT NULL AND CASE WHEN day = $1 THEN used ELSE 0 END <> n)
          OR (($6 & 8) <> 0 AND used > lim AND day >= $1)
        ORDER BY 1, 2 LIMIT $5
        """;
}
