namespace Reliable.Postgres;

/// <summary>Identifiers in SQL text. A name from configuration reaches a statement only through here.</summary>
internal static class Sql
{
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Quote(string schema, string name) => $"{Quote(schema)}.{Quote(name)}";
}
