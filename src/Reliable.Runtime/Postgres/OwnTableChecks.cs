using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>Whether the tables of Reliable's own are as they must be.</summary>
internal static class OwnTableChecks
{
    public static UsageStoreException Missing(string what, string script, Exception? reason)
        => new($"{what} Run this script as a role that may:\n\n{script}", reason) { Script = script };

    /// <exception cref="UsageStoreException">A column or a permission is missing, or a column has another type.</exception>
    public static void Check(OwnTable expected, TableInfo table, string role, string script)
    {
        string name = $"'{table.Schema}.{table.Name}'";
        foreach ((string column, string type) in expected.Columns)
        {
            ColumnInfo? found = table.Find(column);
            if (found is null)
                throw Wrong($"Table {name} has no column '{column}' ({type}). It has: {table.ColumnList}.", script);
            if (found.Type != type)
                throw Wrong($"Column '{column}' of table {name} is of type '{found.TypeName}'; it must be '{type}'.", script);
        }

        List<string> missing = [];
        if (!table.CanUseSchema)
            missing.Add($"USAGE on schema '{table.Schema}'");
        if (!expected.Columns.All(c => table[c.Name].CanSelect))
            missing.Add($"SELECT on table {name}");
        if (!expected.Columns.All(c => table[c.Name].CanInsert))
            missing.Add($"INSERT on table {name}");
        if (!expected.Columns.All(c => table[c.Name].CanUpdate))
            missing.Add($"UPDATE on table {name}");
        if (missing.Count > 0)
            throw Missing($"Role '{role}' lacks {string.Join(", ", missing)}.", script, null);
    }

    private static UsageStoreException Wrong(string what, string script)
        => new($"{what} It is of another version, or not Reliable's: rename it and run this script, or choose another PostgresOptions.Schema:\n\n{script}")
        { Script = script };
}
