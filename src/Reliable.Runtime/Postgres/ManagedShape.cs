namespace Reliable.Postgres;

/// <summary>Reliable's own counters as a shape. Users are created by the lock statement, in the order of the locks.</summary>
internal static class ManagedShape
{
    public static CounterShape Create(string schema)
    {
        string table = Sql.Quote(schema, OwnTables.Usage.Name);
        return new CounterShape
        {
            Table = table,
            Ledger = Sql.Quote(schema, OwnTables.Charge.Name),

            // Creates and locks in one pass over the sorted keys. A row whose update is refused by its WHERE stays locked all the same, and unwritten.
            Lock = $"""
                INSERT INTO {table} AS u (user_id, counter)
                SELECT DISTINCT k.user_id COLLATE "C", k.counter COLLATE "C" FROM unnest($1::text[], $2::text[]) AS k(user_id, counter) ORDER BY 1, 2
                ON CONFLICT (user_id, counter) DO UPDATE SET used = u.used WHERE false RETURNING 1
                """,
            Batch = "unnest($3::uuid[], $4::text[], $5::text[], $6::int[]) WITH ORDINALITY AS b(tx, user_id, counter, amount, ord)",
            Counters = "unnest($4::text[], $5::text[], $8::bigint[], $9::int[], $10::int[]) AS b(k1, k2, n, lo, hi)",
            LockOrder = "k1 COLLATE \"C\", k2 COLLATE \"C\"",
            MatchNew = "u.user_id = $4::text AND u.counter = $5::text",
            Match = "u.user_id = b.user_id AND u.counter = b.counter",
            MatchOne = "u.user_id = $3::text AND u.counter = $4::text",
            Keys = ["user_id", "counter"],
            LedgerKey = "k1, k2",
            Used = "GREATEST(u.used, 0)",
            UsedOrNull = "CASE WHEN u.used >= 0 THEN u.used END",
            RawUsed = "u.used",
            Limit = "CASE WHEN u.\"limit\" >= 0 THEN u.\"limit\" END",
            RawLimit = "u.\"limit\"",
            RawDay = "u.day",
            Day = "COALESCE(u.day, '-infinity'::date)",
            SetUsed = static value => $"used = {value}",
            SetDay = static stale => $"day = CASE WHEN {stale} THEN n.day ELSE u.day END",
            SetUpdatedAt = "updated_at = clock_timestamp()",
        };
    }

    /// <summary>Sets a user's own limit: $1 user, $2 counter, $3 limit.</summary>
    public static string SetLimit(string schema) => $"""
        INSERT INTO {Sql.Quote(schema, OwnTables.Usage.Name)} AS u (user_id, counter, "limit") VALUES ($1::text, $2::text, $3::bigint)
        ON CONFLICT (user_id, counter) DO UPDATE SET "limit" = EXCLUDED."limit", updated_at = clock_timestamp()
        """;
}
