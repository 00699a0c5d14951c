namespace Reliable.Postgres;

/// <summary>The statements that repair one table of counters and its ledger. What they change is locked, and was decided on under the lock.</summary>
internal static class RepairSql
{
    /// <summary>Of charges that are there twice the one that stays: taken back rather than counted, then the first.</summary>
    private const string ChargeOrder = "d.state DESC, d.ctid";

    /// <summary>Of counters that are there twice the one that stays: of the latest day that is not ahead of $3, then the one with more.</summary>
    private const string CounterOrder = "COALESCE(d.day > $3::date, false), d.day DESC NULLS LAST, d.used DESC, d.ctid";

    /// <summary>Every charge once.</summary>
    public static string DistinctCharges(CounterShape shape)
        => $"(SELECT DISTINCT ON (d.tx) d.* FROM {shape.Ledger} d ORDER BY d.tx, {ChargeOrder})";

    /// <summary>Every counter once; $3 is today.</summary>
    public static string DistinctCounters(CounterShape shape)
        => $"(SELECT DISTINCT ON (d.user_id, d.counter) d.* FROM {shape.Table} d ORDER BY d.user_id, d.counter, {CounterOrder})";

    /// <summary>Deletes all but one of each charge $1.</summary>
    public static string CollapseCharges(CounterShape shape) => $"""
        DELETE FROM {shape.Ledger} c USING (
          SELECT d.ctid AS at, row_number() OVER (PARTITION BY d.tx ORDER BY {ChargeOrder}) AS n FROM {shape.Ledger} d WHERE d.tx = ANY($1::uuid[])) x
        WHERE c.ctid = x.at AND x.n > 1
        """;

    /// <summary>Deletes all but one row of each counter; $1 users, $2 counters, $3 today.</summary>
    public static string CollapseCounters(CounterShape shape) => $"""
        DELETE FROM {shape.Table} u USING (
          SELECT d.ctid AS at, row_number() OVER (PARTITION BY d.user_id, d.counter ORDER BY {CounterOrder}) AS n FROM {shape.Table} d
          WHERE (d.user_id, d.counter) IN (SELECT k.id, k.counter FROM unnest($1::text[], $2::text[]) AS k(id, counter))) x
        WHERE u.ctid = x.at AND x.n > 1
        """;

    /// <summary>Brings the charges $1 back to the day $2.</summary>
    public static string MoveCharges(CounterShape shape) => $"UPDATE {shape.Ledger} SET day = $2::date WHERE tx = ANY($1::uuid[]) AND day > $2::date";

    /// <summary>Sets counters; $1 time zone, $2 today, $3 the time, $4 users, $5 counters, $6 counts.</summary>
    /// <param name="statements">The table.</param>
    /// <param name="setsDay">Whether the day becomes today.</param>
    public static string SetCounters(CounterStatements statements, bool setsDay)
    {
        CounterShape shape = statements.Shape;
        string assignments = shape.SetUsed("n.used");
        if (setsDay && shape.SetDay is not null)
            assignments += $", {shape.SetDay("true")}";
        if (shape.SetUpdatedAt is not null)
            assignments += $", {shape.SetUpdatedAt}";
        return $"""
            UPDATE {shape.Table} u SET {assignments}
            FROM (SELECT k.id, k.counter, k.used, $2::date AS day, $2::date AS today, $3::timestamp AS ts
              FROM unnest($4::text[], $5::text[], $6::bigint[]) AS k(id, counter, used)) n
            WHERE u.{shape.Keys[0]} = n.id::{statements.Key.SqlType}{(statements.Counter is null ? " AND u.counter = n.counter" : "")}
            """;
    }

    /// <summary>Deletes the charges of users $1 and counters $2 who still do not exist; returns what was deleted of each.</summary>
    public static string DeleteOrphans(CounterStatements statements)
    {
        CounterShape shape = statements.Shape;
        return $"""
            WITH d AS (
              DELETE FROM {shape.Ledger} c USING unnest($1::text[], $2::text[]) AS k(id, counter)
              WHERE c.user_id = k.id AND c.counter = k.counter AND NOT EXISTS (SELECT 1 FROM {shape.Table} u
                WHERE (u.{shape.Keys[0]}::text COLLATE "C") = c.user_id{(statements.Counter is null ? " AND u.counter = c.counter" : "")})
              RETURNING c.user_id, c.counter, c.amount
            )
            SELECT user_id, counter, count(*), sum(amount)::bigint FROM d GROUP BY user_id, counter ORDER BY 1, 2
            """;
    }

    /// <summary>
    /// One step of a purge: $1 time zone, $2 age in milliseconds, $3 age in days, $4 the id to go on behind, $5 the most charges. The floor of ids comes from the
    /// server's clock, as their first 48 bits are the time in milliseconds. A charge that somebody is just taking back is left for the next time.
    /// </summary>
    public static string Purge(string ledger) => $"""
        WITH p AS MATERIALIZED (
          SELECT c.tx, c.day FROM {ledger} c
          WHERE c.tx > $4::uuid AND c.tx < (lpad(to_hex(floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint - $2::bigint), 12, '0')
            || repeat('0', 20))::uuid
          ORDER BY c.tx LIMIT $5::int FOR UPDATE SKIP LOCKED
        ), d AS (
          DELETE FROM {ledger} c USING p WHERE c.tx = p.tx AND p.day < (statement_timestamp() AT TIME ZONE $1::text)::date - $3::int RETURNING 1
        )
        SELECT (SELECT count(*) FROM d)::int, (SELECT count(*) FROM p)::int, (SELECT p.tx FROM p ORDER BY p.tx DESC LIMIT 1)
        """;
}
