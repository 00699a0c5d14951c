namespace Reliable.Postgres;

/// <summary>A table of Reliable's own: how it is created, and which columns an existing one must have.</summary>
/// <param name="Name">The table's name.</param>
/// <param name="Columns">The columns with the internal names of their types.</param>
/// <param name="Body">What follows <c>CREATE TABLE name</c>.</param>
internal sealed record OwnTable(string Name, IReadOnlyList<(string Name, string Type)> Columns, string Body)
{
    public string Create(string schema) => $"CREATE TABLE IF NOT EXISTS {Sql.Quote(schema, Name)} {Body}";
}
