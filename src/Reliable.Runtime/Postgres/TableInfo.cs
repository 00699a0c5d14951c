namespace Reliable.Postgres;

/// <summary>A table as the database's catalogue has it, and what the role may do with it.</summary>
/// <param name="Schema">Its schema.</param>
/// <param name="Name">Its name.</param>
/// <param name="CanUseSchema">Whether the role has USAGE on the schema.</param>
/// <param name="Columns">Its columns in order.</param>
internal sealed record TableInfo(string Schema, string Name, bool CanUseSchema, IReadOnlyList<ColumnInfo> Columns)
{
    /// <summary>The column of a name that is known to exist.</summary>
    public ColumnInfo this[string column] => Find(column) ?? throw new InvalidOperationException($"Column '{column}' was not checked.");

    /// <summary>The columns as a message lists them.</summary>
    public string ColumnList => Columns.Count == 0 ? "none" : string.Join(", ", Columns.Select(static c => $"'{c.Name}' ({c.TypeName})"));

    public ColumnInfo? Find(string column) => Columns.FirstOrDefault(c => string.Equals(c.Name, column, StringComparison.Ordinal));
}
