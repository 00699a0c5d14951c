namespace Reliable.Postgres;

/// <summary>
/// All statements that read or change counters, composed once from the shape of their table. Charges that are new are counted in one statement. Whatever
/// has to be looked at before it is counted is locked first: the lock and the statement after it always travel in one
/// batch without BEGIN: one round trip, one implicit transaction, and two snapshots, of which the second sees everything the lock waited for. Folding the
/// lock into the second statement would give it the snapshot from before the wait, and wrong answers.
/// </summary>
/// <remarks>
/// Common table expressions are never joined to each other: the planner takes an unnested array for 10 rows, and such a join goes as the square of the batch.
/// Outcomes are the values of <c>ChargeOutcome</c> and <c>RefundResult</c>.
/// </remarks>
internal static class PostgresSql
{
    private const string Today = "(clock_timestamp() AT TIME ZONE $1::text)::date";

    /// <summary>
    /// Counts charges that were never sent before, one statement for all. Parameters as in <see cref="CounterShape"/>, with $6 in the order of $3; $7 whether
    /// limits are enforced; $8 the sums of each counter, $9 and $10 where its charges begin and end in $3. Returns a row for each counter that took all of its
    /// charges: begin, end, used today, limit. A counter of which that is not so is unchanged.
    /// </summary>
    /// <remarks>
    /// The row is changed and its limit compared as they are after any wait for its lock, so one snapshot does. What that snapshot cannot know, a ledger row
    /// written during the wait, the key of the ledger refuses, and the statement is undone. Rows are taken in the order of the locks.
    /// </remarks>
    public static string CountNew(CounterShape shape) => $"""
        WITH t AS MATERIALIZED (
          SELECT c.ts, c.ts::date AS today, c.ts::date AS day FROM (SELECT clock_timestamp() AT TIME ZONE $1::text AS ts) c
        ), n AS MATERIALIZED (
          SELECT b.*, t.* FROM {shape.Counters} CROSS JOIN t ORDER BY {shape.LockOrder}
        ), upd AS (
          UPDATE {shape.Table} u SET {Assignments(shape)}
          FROM n
          WHERE {KeysMatch(shape, "n")} AND {Fits(shape, CurrentlyUsed(shape), "n.n")}
          RETURNING {Keys(shape, "u.{1} AS k{0}")}, n.lo, n.hi, {shape.Used} AS used, {Limit(shape)} AS lim, {shape.Day ?? "n.today"} AS day
        ), ins AS (
          INSERT INTO {shape.Ledger} (tx, user_id, counter, amount, day)
          SELECT c.tx, {shape.LedgerKey}, c.amount, day FROM upd CROSS JOIN LATERAL unnest(($3::uuid[])[lo:hi], ($6::int[])[lo:hi]) AS c(tx, amount)
        )
        SELECT lo, hi, used, lim FROM upd
        """;

    /// <summary>
    /// The same for one charge: $3 its id, $4 its user, $5 its counter, $6 its amount, $7 whether the limit is enforced. Returns used today and limit; nothing
    /// also when the counter is of another day. Nothing is joined and nothing computed that a counter of today does not need: a single caller waits for it.
    /// </summary>
    public static string CountOne(CounterShape shape) => $"""
        WITH upd AS (
          UPDATE {shape.Table} u SET {shape.SetUsed($"{shape.Used} + $6::int")}{(shape.SetUpdatedAt is null ? "" : $", {shape.SetUpdatedAt}")}
          WHERE {shape.MatchNew}{(shape.Day is null ? "" : $" AND {shape.Day} = {Today}")} AND {Fits(shape, shape.Used, "$6::int")}
          RETURNING {Keys(shape, "u.{1} AS k{0}")}, {shape.Used} AS used, {Limit(shape)} AS lim, {shape.Day ?? Today} AS day
        ), ins AS (
          INSERT INTO {shape.Ledger} (tx, user_id, counter, amount, day) SELECT $3::uuid, {shape.LedgerKey}, $6::int, day FROM upd
        )
        SELECT used, lim FROM upd
        """;

    /// <summary>
    /// Counts a batch. $7 is the day of a replay or NULL, $8 whether limits are enforced, $2 the default limit. Returns a row for each charge whose user
    /// exists: ordinal, outcome, used today, limit.
    /// </summary>
    /// <param name="shape">The table.</param>
    /// <param name="mixedAmounts">
    /// Whether the amounts differ. Then a refused charge must not use up room for a smaller one behind it, which takes a walk along the batch; with equal
    /// amounts whatever follows a refused charge is refused too, and a running sum decides.
    /// </param>
    public static string Apply(CounterShape shape, bool mixedAmounts)
    {
        string keys = Keys(shape, "k{0}");
        return $"""
            WITH RECURSIVE t AS MATERIALIZED (
              SELECT n.ts, n.ts::date AS today FROM (SELECT clock_timestamp() AT TIME ZONE $1::text AS ts) n
            ), f AS MATERIALIZED (
              SELECT b.ord, b.tx, b.amount, {Keys(shape, "u.{1} AS k{0}")}, l.state, t.ts, t.today, {Facts(shape)}
              FROM {shape.Batch} CROSS JOIN t
              JOIN {shape.Table} u ON {shape.Match}
              LEFT JOIN {shape.Ledger} l ON l.tx = b.tx{Days(shape)}
            ), {(mixedAmounts ? GrantByWalk(keys) : GrantBySum(keys))}, ins AS (
              INSERT INTO {shape.Ledger} (tx, user_id, counter, amount, day)
              SELECT tx, {shape.LedgerKey}, amount, day FROM g WHERE granted
            ), n AS (
              SELECT {keys}, day, ts, today, sum(amount) AS n FROM g WHERE granted AND NOT late GROUP BY {keys}, day, ts, today
            ), upd AS (
              UPDATE {shape.Table} u SET {Assignments(shape)}
              FROM n WHERE {KeysMatch(shape, "n")}{(shape.Day is null ? "" : $" AND ({shape.Day} <= n.day OR {shape.IsBogus("n.today")})")}
            )
            SELECT ord::int, CASE WHEN state = 2 THEN 4 WHEN state IS NOT NULL THEN 1 WHEN granted THEN 0 ELSE 2 END,
              CASE WHEN late THEN seen {(shape.Day is null ? "" : "WHEN day < today THEN 0 ")}ELSE
                base + COALESCE(sum(amount) FILTER (WHERE granted) OVER (PARTITION BY {keys}), 0) END::bigint,
              lim
            FROM g
            """;
    }

    /// <summary>
    /// Takes a charge back, or leaves a tombstone that a late copy of it will find. Returns the result, or no row when the user does not exist. The key of
    /// the ledger is compared, so that an id that belongs to someone else's charge changes nothing.
    /// </summary>
    public static string Refund(CounterShape shape) => $"""
        WITH t AS MATERIALIZED (
          SELECT n.ts, n.ts::date AS today FROM (SELECT clock_timestamp() AT TIME ZONE $1::text AS ts) n
        ), c AS MATERIALIZED (
          SELECT b.tx, b.amount, {Keys(shape, "u.{1} AS k{0}")}, t.today FROM {shape.Batch} CROSS JOIN t JOIN {shape.Table} u ON {shape.Match}
        ), v AS (
          INSERT INTO {shape.Ledger} AS l (tx, user_id, counter, amount, day, state)
          SELECT tx, {shape.LedgerKey}, amount, today, 2 FROM c
          ON CONFLICT (tx) DO UPDATE SET state = 2 WHERE l.state = 1 AND l.user_id = EXCLUDED.user_id AND l.counter = EXCLUDED.counter
          RETURNING l.tx, l.amount, l.day, l.xmax <> 0 AS was_counted
        ), n AS (
          SELECT {Keys(shape, "c.k{0}")}, v.amount, v.day FROM c JOIN v ON v.tx = c.tx WHERE v.was_counted
        ), upd AS (
          UPDATE {shape.Table} u SET {shape.SetUsed($"GREATEST({shape.Used} - n.amount, 0)")}{(shape.SetUpdatedAt is null ? "" : $", {shape.SetUpdatedAt}")}
          FROM n WHERE {KeysMatch(shape, "n")}{(shape.Day is null ? "" : $" AND {shape.Day} = n.day")}
        )
        SELECT CASE WHEN v.tx IS NULL THEN 2 WHEN v.was_counted THEN 0 ELSE 1 END FROM c LEFT JOIN v ON v.tx = c.tx
        """;

    /// <summary>
    /// Reads one counter. $3 the user, $4 the counter, $1 the time zone, $2 the default limit. Always one row. The next day begins at the first moment of its
    /// date: where clocks are set back over midnight, PostgreSQL would take the second.
    /// </summary>
    public static string Read(CounterShape shape) => $"""
        SELECT u.{shape.Keys[0]} IS NOT NULL,
          {(shape.Day is null ? shape.Used : $"CASE WHEN {shape.Day} >= d.today AND NOT {shape.IsBogus("d.today")} THEN {shape.Used} ELSE 0 END")},
          {Limit(shape)}, c.ts, d.today,
          CASE WHEN ((m.at - interval '1 hour') AT TIME ZONE $1::text)::date > d.today THEN m.at - interval '1 hour' ELSE m.at END
        FROM (SELECT clock_timestamp() AS ts) c
        CROSS JOIN LATERAL (SELECT (c.ts AT TIME ZONE $1::text)::date AS today) d
        CROSS JOIN LATERAL (SELECT (d.today + 1)::timestamp AT TIME ZONE $1::text AS at) m
        LEFT JOIN {shape.Table} u ON {shape.MatchOne}
        """;

    /// <summary>The charges of a batch whose row somebody else holds, by ordinal. Parameters as in <see cref="CounterShape"/>; waits for no row.</summary>
    public static string Held(CounterShape shape)
    {
        string row = Keys(shape, "u.{1}");
        return $"""
            WITH free AS MATERIALIZED (
              SELECT {row} FROM {shape.Table} u WHERE EXISTS (SELECT 1 FROM {shape.Batch} WHERE {shape.Match}) FOR NO KEY UPDATE OF u SKIP LOCKED
            )
            SELECT b.ord::int FROM {shape.Batch} JOIN {shape.Table} u ON {shape.Match}
            WHERE ({row}) NOT IN (SELECT {Keys(shape, "free.{1}")} FROM free)
            """;
    }

    // The day a charge counts on goes back only for a replay, which is never later than today; a counter that is ahead by a day, because another
    // application's zone or clock is, keeps its day.
    private static string Days(CounterShape shape) => shape.Day is null
        ? ""
        : $"""

                  CROSS JOIN LATERAL (SELECT {shape.Day} AS rday, {shape.IsBogus("t.today")} AS bogus) r
                  CROSS JOIN LATERAL (SELECT CASE WHEN $7::date IS NOT NULL THEN LEAST($7::date, t.today)
                    WHEN r.bogus THEN t.today ELSE GREATEST(t.today, r.rday) END AS day) d
            """;

    private static string Facts(CounterShape shape) => shape.Day is null
        ? $"""
           {Limit(shape)} AS lim, LEAST($7::date, t.today) AS day, false AS late,
                   {shape.Used} AS base, {shape.Used} AS seen
           """
        : $"""
           {Limit(shape)} AS lim, d.day, d.day < r.rday AND NOT r.bogus AS late,
                   CASE WHEN r.rday < d.day OR r.bogus THEN 0 ELSE {shape.Used} END AS base,
                   CASE WHEN r.rday >= t.today AND NOT r.bogus THEN {shape.Used} ELSE 0 END AS seen
           """;

    private static string GrantBySum(string keys) => $"""
        g AS MATERIALIZED (
          SELECT *, state IS NULL AND (late OR NOT $8::bool OR lim IS NULL
            OR base + sum(amount) FILTER (WHERE state IS NULL) OVER (PARTITION BY {keys} ORDER BY ord) <= lim) AS granted
          FROM f
        )
        """;

    // p numbers the new charges of each user, w walks along them; their join is the one between common table expressions, on two integers, and taken
    // only when amounts differ.
    private static string GrantByWalk(string keys) => $"""
        p AS MATERIALIZED (
          SELECT ord, amount, base, lim, late, min(ord) OVER (PARTITION BY {keys}) AS who, row_number() OVER (PARTITION BY {keys} ORDER BY ord) AS pos
          FROM f WHERE state IS NULL
        ), w AS (
          SELECT p.who, p.pos, p.ord, o.ok AS granted, p.base + CASE WHEN o.ok THEN p.amount ELSE 0 END AS used
          FROM p CROSS JOIN LATERAL (SELECT p.late OR NOT $8::bool OR p.lim IS NULL OR p.base + p.amount <= p.lim AS ok) o WHERE p.pos = 1
          UNION ALL
          SELECT p.who, p.pos, p.ord, o.ok, w.used + CASE WHEN o.ok THEN p.amount ELSE 0 END
          FROM w JOIN p ON p.who = w.who AND p.pos = w.pos + 1
          CROSS JOIN LATERAL (SELECT p.late OR NOT $8::bool OR p.lim IS NULL OR w.used + p.amount <= p.lim AS ok) o
        ), g AS MATERIALIZED (
          SELECT f.*, COALESCE(w.granted, false) AS granted FROM f LEFT JOIN w ON w.ord = f.ord
        )
        """;

    // From the row as it is when it is written, never from the batch's copy: a row that appeared after the lock was taken may have changed meanwhile.
    private static string Assignments(CounterShape shape)
    {
        string assignments = shape.SetUsed($"{CurrentlyUsed(shape)} + n.n");
        if (shape.SetDay is not null)
            assignments += $", {shape.SetDay(Stale(shape))}";
        return shape.SetUpdatedAt is null ? assignments : $"{assignments}, {shape.SetUpdatedAt}";
    }

    private static string Fits(CounterShape shape, string used, string amount)
        => $"(NOT $7::bool OR {Limit(shape)} IS NULL OR {used} + {amount} <= {Limit(shape)})";

    private static string Limit(CounterShape shape) => $"COALESCE({shape.Limit}, $2::bigint)";

    private static string CurrentlyUsed(CounterShape shape) => shape.Day is null ? shape.Used : $"CASE WHEN {Stale(shape)} THEN 0 ELSE {shape.Used} END";

    private static string Stale(CounterShape shape) => $"{shape.Day} < n.day OR {shape.IsBogus("n.today")}";

    // {0} is the number of a key column, {1} its name, put in last: a name may have braces of its own.
    private static string Keys(CounterShape shape, string format)
        => string.Join(", ", shape.Keys.Select(
            (key, i) => format.Replace("{0}", $"{i + 1}", StringComparison.Ordinal).Replace("{1}", key, StringComparison.Ordinal)));

    private static string KeysMatch(CounterShape shape, string alias)
        => string.Join(" AND ", shape.Keys.Select((key, i) => $"u.{key} = {alias}.k{i + 1}"));
}
