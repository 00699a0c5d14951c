namespace Reliable.Postgres;

/// <summary>
/// The statements of an audit of one table of counters. All of them take $1 time zone, $2 default limit, $3 today, $4 counter or NULL for all, $5 keys of users
/// as text or NULL for all, $6 the same users as the ledger names them, $7 the most rows, $8 the kinds that are looked for.
/// </summary>
/// <param name="statements">The table.</param>
internal sealed class AuditSql(CounterStatements statements)
{
    /// <summary>
    /// $1 is the timeout in milliseconds. An audit reads whole tables, so it is planned for what it finds, unlike charges; all of it ends with the transaction.
    /// </summary>
    public const string Session = """
        SELECT set_config('statement_timeout', $1, true), set_config('enable_seqscan', 'on', true), set_config('enable_hashjoin', 'on', true),
          set_config('enable_mergejoin', 'on', true), set_config('plan_cache_mode', 'auto', true)
        """;

    /// <summary>
    /// The clock and its day, $1 the time zone. Read after the snapshot was taken: whatever the snapshot has was written by an earlier clock, so that no day in
    /// it is ahead only because midnight has come in between.
    /// </summary>
    public const string Clock = "SELECT t.ts, t.ts::date FROM (SELECT clock_timestamp() AT TIME ZONE $1::text AS ts) t";

    private const string InLedger = "($4::text IS NULL OR c.counter = $4::text) AND ($6::text[] IS NULL OR c.user_id = ANY($6::text[]))";

    private readonly CounterShape _shape = statements.Shape;

    private bool IsManaged => statements.Counter is null;

    private string User => $"(u.{_shape.Keys[0]}::text COLLATE \"C\")";

    private string Counter => IsManaged ? "u.counter" : "$4::text";

    private string InTable => IsManaged
        ? "($4::text IS NULL OR u.counter = $4::text) AND ($5::text[] IS NULL OR u.user_id = ANY($5::text[]))"
        : $"($5::text[] IS NULL OR u.{_shape.Keys[0]} = ANY($5::text[]::{statements.Key.SqlType}[]))";

    private string Key => string.Join(", ", _shape.Keys.Select(static k => "u." + k));

    /// <summary>How the ledger names the users of $5.</summary>
    public string Names => $"SELECT {User} FROM {_shape.Table} u WHERE {InTable}";

    /// <summary>How many counters and charges there are, and whether none of the charges is older than today.</summary>
    public string Totals => $"""
        SELECT (SELECT count(*) FROM {_shape.Table} u WHERE {InTable}), count(*), min(c.day) >= $3::date FROM {_shape.Ledger} c WHERE {InLedger}
        """;

    public string DuplicateCharges => $"""
        SELECT c.tx, min(c.user_id), min(c.counter), max(c.day)::text, count(*) FROM {_shape.Ledger} c
        GROUP BY c.tx HAVING count(*) > 1 AND bool_or({InLedger}) ORDER BY c.tx LIMIT $7
        """;

    public string DuplicateCounters => $"""
        SELECT {User}, {Counter}, count(*), 0::bigint FROM {_shape.Table} u WHERE {InTable} GROUP BY {Key} HAVING count(*) > 1 ORDER BY {Key} LIMIT $7
        """;

    public string EarlyCharges => $"""
        SELECT c.tx, c.user_id, c.counter, c.day::text, 1::bigint FROM {_shape.Ledger} c WHERE c.day > $3::date AND {InLedger} ORDER BY c.tx LIMIT $7
        """;

    public string Orphans => $"""
        SELECT g.user_id, g.counter, g.n, g.amount FROM (
          SELECT c.user_id, c.counter, count(*) AS n, sum(c.amount)::bigint AS amount FROM {_shape.Ledger} c WHERE {InLedger} GROUP BY c.user_id, c.counter) g
        WHERE NOT EXISTS (SELECT 1 FROM {_shape.Table} u WHERE {User} = g.user_id{(IsManaged ? " AND u.counter = g.counter" : "")})
        ORDER BY 1, 2 LIMIT $7
        """;

    /// <summary>Locks the counters of the users $5 for a repair, in the order in which every writer locks them, and returns their names.</summary>
    public string Lock => $"SELECT {User}, {Counter} FROM {_shape.Table} u WHERE {InTable} ORDER BY {Key} FOR NO KEY UPDATE OF u";

    /// <summary>The counters something is the matter with; the conditions are those of <c>CounterFacts</c>.</summary>
    /// <param name="hasDuplicateCharges">Whether a charge may be there twice, and is to be taken once: as a repair would leave it.</param>
    /// <param name="hasDuplicateCounters">The same of counters in a table of Reliable's own.</param>
    public string Counters(bool hasDuplicateCharges, bool hasDuplicateCounters) => $"""
        WITH s AS MATERIALIZED (
          SELECT c.user_id, c.counter, sum(c.amount)::bigint AS n FROM {(hasDuplicateCharges ? RepairSql.DistinctCharges(_shape) : _shape.Ledger)} c
          WHERE c.state = 1 AND c.day >= $3::date AND {InLedger} GROUP BY c.user_id, c.counter
        ), x AS (
          SELECT {User} AS user_id, {Counter} AS counter, {_shape.RawUsed}::text AS raw_used, {_shape.UsedOrNull} AS used,
            {_shape.RawLimit ?? "NULL"}::text AS raw_limit, {(_shape.RawLimit is null ? "true" : $"COALESCE(({_shape.Limit}) >= 0, false)")} AS is_limit,
            COALESCE({_shape.Limit}, $2::bigint) AS lim, {_shape.RawDay ?? "NULL"}::text AS raw_day, {_shape.Day ?? "NULL::date"} AS day, COALESCE(s.n, 0) AS n
          FROM {(hasDuplicateCounters && IsManaged ? RepairSql.DistinctCounters(_shape) : _shape.Table)} u
          LEFT JOIN s ON s.user_id = {User} AND s.counter = {Counter}
          WHERE {InTable}
        )
        SELECT user_id, counter, raw_used, used, raw_limit, is_limit, lim, raw_day, CASE WHEN day > $3::date THEN 1 WHEN day = $3::date THEN 0 WHEN day < $3::date THEN -1 END, n FROM (
          SELECT *, raw_used IS NOT NULL AND used IS NULL AS is_broken FROM x) f
        WHERE (($8::int & 6) <> 0 AND (is_broken OR (raw_limit IS NOT NULL AND NOT is_limit)))
          OR (($8::int & 64) <> 0 AND day > $3::date)
          OR (($8::int & 1) <> 0 AND day <= $3::date AND NOT is_broken AND CASE WHEN day = $3::date THEN COALESCE(used, 0) ELSE 0 END <> n)
          OR (($8::int & 8) <> 0 AND used > lim AND (day IS NULL OR day >= $3::date))
        ORDER BY 1, 2 LIMIT $7
        """;
}
