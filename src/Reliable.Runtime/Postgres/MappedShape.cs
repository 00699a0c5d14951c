namespace Reliable.Postgres;

/// <summary>
/// An application's own table as a shape: its columns with the casts their types need. Every cast of a value that could be anything is guarded, since one
/// bad value would otherwise fail the batch of everybody; the guard is <c>translate</c>, because a regular expression costs ten times as much.
/// </summary>
internal static class MappedShape
{
    public static CounterShape Create(string schema, MappedTable mapped, TableInfo table)
    {
        string name = Sql.Quote(mapped.Schema, mapped.Name);
        string id = Sql.Quote(mapped.UserId);
        string idType = KeyKind.Of(table[mapped.UserId].Type)!.SqlType;

        // One order for every statement, whatever the collation of the column is.
        string collation = idType is "text" or "bpchar" ? " COLLATE \"C\"" : "";
        return new CounterShape
        {
            Table = name,
            Ledger = Sql.Quote(schema, OwnTables.Charge.Name),

            // NO KEY: rows of other tables that refer to the user can be inserted meanwhile.
            Lock = $"SELECT 1 FROM {name} u WHERE u.{id} = ANY($1::{idType}[]) ORDER BY u.{id}{collation} FOR NO KEY UPDATE OF u",
            Batch = $"unnest($3::uuid[], $4::{idType}[], $6::int[]) WITH ORDINALITY AS b(tx, id, amount, ord)",
            Counters = $"unnest($4::{idType}[], $8::bigint[], $9::int[], $10::int[]) AS b(k1, n, lo, hi)",
            LockOrder = $"k1{collation}",
            MatchNew = $"u.{id} = $4::{idType}",
            Match = $"u.{id} = b.id",
            MatchOne = $"u.{id} = $3::{idType}",
            Keys = [id],
            LedgerKey = "k1::text, $5::text",
            Used = $"COALESCE({WholeNumber(mapped.Used, table)}, 0)",
            UsedOrNull = WholeNumber(mapped.Used, table),
            RawUsed = $"u.{Sql.Quote(mapped.Used)}",
            RawLimit = mapped.Limit is null ? null : $"u.{Sql.Quote(mapped.Limit)}",
            RawDay = mapped.LastReset is null ? null : $"u.{Sql.Quote(mapped.LastReset)}",
            Limit = mapped.Limit is null ? "NULL::bigint" : WholeNumber(mapped.Limit, table),
            Day = mapped.LastReset is null ? null : $"COALESCE({DayOf(mapped.LastReset, table)}, '-infinity'::date)",
            SetUsed = SetWholeNumber(mapped.Used, table),
            SetDay = mapped.LastReset is null ? null : SetDay(mapped.LastReset, table),
            SetUpdatedAt = mapped.UpdatedAt is null ? null : SetNow(mapped.UpdatedAt, table),
        };
    }

    /// <summary>The types a counter or a limit can have.</summary>
    public static bool IsNumberType(string type) => type is "text" or "varchar" or "bpchar" or "int2" or "int4" or "int8" or "numeric";

    /// <summary>The types a time can have.</summary>
    public static bool IsTimeType(string type) => type is "timestamp" or "timestamptz" or "date";

    private static string WholeNumber(string column, TableInfo table)
    {
        string value = $"u.{Sql.Quote(column)}";
        return table[column].Type switch
        {
            "int2" or "int4" or "int8" => $"CASE WHEN {value} >= 0 THEN {value}::bigint END",
            "numeric" => $"CASE WHEN {value} BETWEEN 0 AND 999999999999999999 THEN trunc({value})::bigint END",
            _ => $"CASE WHEN length(btrim({value}::text)) BETWEEN 1 AND 18 AND translate(btrim({value}::text), '0123456789', '') = '' "
                + $"THEN btrim({value}::text)::bigint END",
        };
    }

    // Never a cast to the column's own type: that would cut a number to the length of a varchar(n) without a word, where an assignment refuses it.
    private static Func<string, string> SetWholeNumber(string column, TableInfo table)
    {
        string name = Sql.Quote(column);
        bool isText = table[column].Type is "text" or "varchar" or "bpchar";
        return value => isText ? $"{name} = ({value})::text" : $"{name} = {value}";
    }

    private static string DayOf(string column, TableInfo table)
    {
        string value = $"u.{Sql.Quote(column)}";
        return table[column].Type switch
        {
            "date" => value,
            "timestamp" => $"{value}::date",
            _ => $"({value} AT TIME ZONE $1::text)::date",
        };
    }

    private static Func<string, string> SetDay(string column, TableInfo table)
    {
        string name = Sql.Quote(column);
        string day = table[column].Type switch
        {
            "date" => "n.day",
            "timestamp" => "CASE WHEN n.day = n.today THEN n.ts ELSE n.day::timestamp END",
            _ => "CASE WHEN n.day = n.today THEN n.ts ELSE n.day::timestamp END AT TIME ZONE $1::text",
        };
        return stale => $"{name} = CASE WHEN {stale} THEN {day} ELSE u.{name} END";
    }

    private static string SetNow(string column, TableInfo table)
        => Sql.Quote(column) + " = " + table[column].Type switch
        {
            "timestamptz" => "clock_timestamp()",
            "date" => "(clock_timestamp() AT TIME ZONE 'utc')::date",
            _ => "clock_timestamp() AT TIME ZONE 'utc'",
        };
}
