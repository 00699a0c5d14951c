namespace Reliable.Postgres;

/// <summary>Reliable's own tables. Comments in the text reach the operator who reads the script.</summary>
internal static class OwnTables
{
    /// <summary>One row for each user and counter. A third of each page stays free, so that updates stay on their page.</summary>
    /// <remarks>
    /// No CHECK constraints: the server parses the text of each anew in every statement that writes, which a single caller notices. Statements never write what
    /// such constraints would refuse, take what somebody else wrote below zero for nothing, and an audit finds it.
    /// </remarks>
    public static OwnTable Usage { get; } = new(
        "usage",
        [("user_id", "text"), ("counter", "text"), ("used", "int8"), ("limit", "int8"), ("day", "date"), ("updated_at", "timestamptz")],
        """
        (
          user_id text COLLATE "C" NOT NULL,
          counter text COLLATE "C" NOT NULL,
          used bigint NOT NULL DEFAULT 0,                   -- counted on that day, 0 or more
          "limit" bigint,                                   -- 0 or more; NULL: Usage:DefaultLimit applies
          day date,                                         -- NULL: nothing counted yet
          updated_at timestamptz NOT NULL DEFAULT now(),
          PRIMARY KEY (user_id, counter)
        ) WITH (fillfactor = 70);
        """);

    /// <summary>One row for each charge that was counted or taken back: what makes counting twice impossible.</summary>
    public static OwnTable Charge { get; } = new(
        "charge",
        [("tx", "uuid"), ("user_id", "text"), ("counter", "text"), ("amount", "int4"), ("day", "date"), ("state", "int2")],
        """
        (
          tx uuid PRIMARY KEY,                              -- UUIDv7: in the order of time
          user_id text COLLATE "C" NOT NULL,
          counter text COLLATE "C" NOT NULL,
          amount integer NOT NULL CHECK (amount > 0),
          day date NOT NULL,                                -- the day on which it counts
          state smallint NOT NULL DEFAULT 1                 -- 1 counted, 2 taken back or blocked
        );
        """);
}
