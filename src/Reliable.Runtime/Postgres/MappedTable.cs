namespace Reliable;

/// <summary>
/// A counter in an existing table of the application's own. Names are taken literally, upper and lower case included; column types are read from the database.
/// </summary>
public sealed class MappedTable
{
    internal MappedTable(string name) => Name = name;

    /// <summary>The table's name.</summary>
    public string Name { get; }

    /// <summary>The table's schema. Default: <c>public</c>.</summary>
    public string Schema { get; set; } = "public";

    /// <summary>The counter that is kept here, as <c>[UsageTransaction(Counter = …)]</c> names it. Default: <c>requests</c>.</summary>
    public string Counter { get; set; } = "requests";

    /// <summary>
    /// The column that identifies the user: uuid, text, varchar, char, smallint, integer, bigint or numeric, with a unique index of its own. Required.
    /// A user id that cannot be a value of that type belongs to no user.
    /// </summary>
    public string UserId { get; set; } = "";

    /// <summary>
    /// The column that counts: text, varchar, char, smallint, integer, bigint or numeric. Required. A value that is not a whole number of at most 18 digits
    /// counts as 0.
    /// </summary>
    public string Used { get; set; } = "";

    /// <summary>
    /// The column of the user's daily limit, of the same types. A value that is not a whole number of at most 18 digits counts as none.
    /// Default: <see langword="null"/>, no column; without a limit of the user's own, <c>Usage:DefaultLimit</c> applies.
    /// </summary>
    public string? Limit { get; set; }

    /// <summary>
    /// The column that says when the counter was last reset: timestamp, timestamptz or date. A timestamp without zone is taken to be in
    /// <c>Usage:ResetTimeZone</c>. A date two days ahead or more is taken to be a mistake, and reset.
    /// Default: <see langword="null"/>, no column: then Reliable never resets the counter, it only counts, and whoever resets it is the application;
    /// charges and refunds change the counter whatever their day.
    /// </summary>
    public string? LastReset { get; set; }

    /// <summary>
    /// A column that is set to the time of each change: timestamp (in UTC), timestamptz or date. Default: <see langword="null"/>, none.
    /// </summary>
    public string? UpdatedAt { get; set; }

    internal void Validate(List<string> mistakes)
    {
        if (string.IsNullOrEmpty(Schema))
            mistakes.Add($"Table '{Name}' has an empty Schema; name the schema it is in, such as 'public'.");
        if (string.IsNullOrEmpty(Counter))
            mistakes.Add($"Table '{Name}' has an empty Counter; name the counter it holds, such as 'requests'.");
        if (string.IsNullOrEmpty(UserId))
            mistakes.Add($"Table '{Name}' has no UserId; name the column that identifies the user.");
        if (string.IsNullOrEmpty(Used))
            mistakes.Add($"Table '{Name}' has no Used; name the column that counts.");
        string[] columns = [.. new[] { UserId, Used, Limit, LastReset, UpdatedAt }.OfType<string>().Where(static c => c.Length > 0)];
        if (columns.Distinct(StringComparer.Ordinal).Count() < columns.Length)
            mistakes.Add($"Table '{Name}' names a column twice: '{string.Join("', '", columns)}'; each column has one meaning.");
        if (columns.Append(Name).Append(Schema).Any(static c => c.Contains('\0', StringComparison.Ordinal)))
            mistakes.Add($"Table '{Name.Replace('\0', ' ')}' has a name with a NUL character, which PostgreSQL does not allow.");
    }
}
