namespace Reliable.Postgres;

/// <summary>A table as an application might have it.</summary>
/// <param name="Ddl">Creates it, when it is not there.</param>
/// <param name="Table">Its quoted name.</param>
/// <param name="Map">Maps it.</param>
/// <param name="Key">The key column, quoted, and its type.</param>
/// <param name="Used">The counter's column, quoted, and its type.</param>
/// <param name="Limit">The limit's column, quoted, and its type; or <see langword="null"/>.</param>
/// <param name="Reset">The column of the last reset, quoted, and its type; or <see langword="null"/>.</param>
/// <param name="NewUserId">A user id nobody has.</param>
public sealed record MappedVariant(
    string Ddl,
    string Table,
    Action<PostgresOptions> Map,
    (string Name, string Type) Key,
    (string Name, string Type) Used,
    (string Name, string Type)? Limit,
    (string Name, string Type)? Reset,
    Func<string> NewUserId)
{
    private static long s_lastNumber;

    /// <summary>The table of the published examples: every counter is text, the day a timestamp without zone.</summary>
    public static MappedVariant User { get; } = new(
        """
        CREATE TABLE IF NOT EXISTS public."User" (
          id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email varchar(200), "requestsToday" varchar, "dailyRequestLimit" varchar,
          "lastRequestReset" timestamp, "updatedAt" timestamp)
        """,
        "public.\"User\"",
        static o => o.MapTable("User", static t =>
        {
            t.UserId = "id";
            t.Used = "requestsToday";
            t.Limit = "dailyRequestLimit";
            t.LastReset = "lastRequestReset";
            t.UpdatedAt = "updatedAt";
        }),
        ("id", "uuid"), ("\"requestsToday\"", "varchar"), ("\"dailyRequestLimit\"", "varchar"), ("\"lastRequestReset\"", "timestamp"), NewUuid);

    /// <summary>Numbers of every width, a day with zone, and names that need every quote.</summary>
    public static MappedVariant Numbers { get; } = new(
        """"
        CREATE SCHEMA IF NOT EXISTS "Bil""ling; DROP TABLE x; --";
        CREATE TABLE IF NOT EXISTS "Bil""ling; DROP TABLE x; --"."select * from ""accounts""" (
          "user's {0} id" bigint PRIMARY KEY, "used$1" integer NOT NULL DEFAULT 0, "LIMIT" smallint, "reset at" timestamptz, "order" date)
        """",
        "\"Bil\"\"ling; DROP TABLE x; --\".\"select * from \"\"accounts\"\"\"",
        static o => o.MapTable("select * from \"accounts\"", static t =>
        {
            t.Schema = "Bil\"ling; DROP TABLE x; --";
            t.UserId = "user's {0} id";
            t.Used = "used$1";
            t.Limit = "LIMIT";
            t.LastReset = "reset at";
            t.UpdatedAt = "order";
        }),
        ("\"user's {0} id\"", "bigint"), ("\"used$1\"", "integer"), ("\"LIMIT\"", "smallint"), ("\"reset at\"", "timestamptz"), NewNumber);

    /// <summary>A key of text, counters as numeric, the day as a date.</summary>
    public static MappedVariant Text { get; } = new(
        "CREATE TABLE IF NOT EXISTS quota (login text UNIQUE, used numeric(12,2), cap numeric, since date, touched timestamptz)",
        "quota",
        static o => o.MapTable("quota", static t => (t.UserId, t.Used, t.Limit, t.LastReset, t.UpdatedAt) = ("login", "used", "cap", "since", "touched")),
        ("login", "text"), ("used", "numeric"), ("cap", "numeric"), ("since", "date"), static () => $"user-{Guid.NewGuid():N}");

    /// <summary>No column of limits: the default applies to all.</summary>
    public static MappedVariant NoLimit { get; } = new(
        "CREATE TABLE IF NOT EXISTS members (no integer PRIMARY KEY, used bigint, since timestamp)",
        "members",
        static o => o.MapTable("members", static t => (t.UserId, t.Used, t.LastReset) = ("no", "used", "since")),
        ("no", "integer"), ("used", "bigint"), null, ("since", "timestamp"), NewNumber);

    /// <summary>No column of days: the counter counts, and whoever resets it is the application.</summary>
    public static MappedVariant NoReset { get; } = new(
        "CREATE TABLE IF NOT EXISTS totals (id char(40) PRIMARY KEY, used char(20), cap text)",
        "totals",
        static o => o.MapTable("totals", static t => (t.UserId, t.Used, t.Limit) = ("id", "used", "cap")),
        ("id", "bpchar"), ("used", "bpchar"), ("cap", "text"), null, static () => $"u{Guid.NewGuid():N}");

    private static string NewUuid() => Guid.NewGuid().ToString();

    private static string NewNumber() => Interlocked.Increment(ref s_lastNumber).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
