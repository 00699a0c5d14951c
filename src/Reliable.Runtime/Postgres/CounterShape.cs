namespace Reliable.Postgres;

/// <summary>
/// A table of counters as pieces of SQL, from which <see cref="PostgresSql"/> composes the statements. <c>u</c> is the counter's row, <c>b</c> a row of
/// the batch.
/// Parameters: $1 time zone, $2 default limit, $3 tx[], $4 users[], $5 counters (an array when managed, one text when mapped), $6 amounts[].
/// </summary>
internal sealed record CounterShape
{
    /// <summary>The table, quoted.</summary>
    public required string Table { get; init; }

    /// <summary>The ledger, quoted.</summary>
    public required string Ledger { get; init; }

    /// <summary>The statement that locks the rows of a batch in one order for every writer.</summary>
    public required string Lock { get; init; }

    /// <summary>The batch as rows: <c>unnest(…) WITH ORDINALITY AS b(…)</c>.</summary>
    public required string Batch { get; init; }

    /// <summary>The counters of a batch of new charges as rows: <c>unnest(…) AS b(k1, …, n, lo, hi)</c>, from $4, $5 and $8 to $10.</summary>
    public required string Counters { get; init; }

    /// <summary>The order in which <see cref="Lock"/> takes rows, by the columns of <see cref="Counters"/>.</summary>
    public required string LockOrder { get; init; }

    /// <summary>Which row belongs to the user $4 and the counter $5 of a single charge.</summary>
    public required string MatchNew { get; init; }

    /// <summary>Which row belongs to a charge.</summary>
    public required string Match { get; init; }

    /// <summary>Which row belongs to the user $3 and the counter $4 of a read.</summary>
    public required string MatchOne { get; init; }

    /// <summary>The columns that identify a row, quoted, without alias.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>The user and the counter for the ledger, from the key columns <c>k1</c> and <c>k2</c> of a batch.</summary>
    public required string LedgerKey { get; init; }

    /// <summary>The counter as a bigint, 0 or more, never NULL.</summary>
    public required string Used { get; init; }

    /// <summary>As <see cref="Used"/>, but NULL where the column holds something that is no count.</summary>
    public required string UsedOrNull { get; init; }

    /// <summary>The counter's column as it is, for messages.</summary>
    public required string RawUsed { get; init; }

    /// <summary>The column of the user's own limit as it is, for messages; <see langword="null"/> when there is none.</summary>
    public string? RawLimit { get; init; }

    /// <summary>The column of the counter's day as it is, for messages; <see langword="null"/> when there is none.</summary>
    public string? RawDay { get; init; }

    /// <summary>The user's own limit as a bigint, or NULL.</summary>
    public required string Limit { get; init; }

    /// <summary>The day the counter belongs to, never NULL; <see langword="null"/> when the table does not say, and the counter only counts.</summary>
    public string? Day { get; init; }

    /// <summary>The assignment of a new count.</summary>
    public required Func<string, string> SetUsed { get; init; }

    /// <summary>The assignment of a new day <c>n.day</c>, with <c>n.today</c> and <c>n.ts</c> at hand; the argument is the condition for a change.</summary>
    public Func<string, string>? SetDay { get; init; }

    /// <summary>The assignment of the time of change.</summary>
    public string? SetUpdatedAt { get; init; }

    /// <summary>Whether the day of the row is so far ahead that it must be a mistake.</summary>
    public string IsBogus(string today) => Day is null ? "false" : $"({Day} >= {today} + 2)";
}
