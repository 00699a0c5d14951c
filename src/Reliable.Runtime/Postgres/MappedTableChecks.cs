using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>Whether a table of the application's own can hold a counter as it was mapped.</summary>
internal static class MappedTableChecks
{
    private const string NumberTypes = "text, varchar, char, smallint, integer, bigint or numeric";

    public static UsageStoreException Missing(MappedTable mapped, string database, IReadOnlyList<string> similar)
    {
        string hint = similar.Count == 0
            ? "Names are taken literally, upper and lower case included."
            : $"There is {string.Join(", ", similar)}: names are taken literally, upper and lower case included, and the schema is set by Schema.";
        string script = $"""
            CREATE TABLE {Sql.Quote(mapped.Schema, mapped.Name)} (
              {string.Join(",\n  ", Columns(mapped).Select(static c => $"{Sql.Quote(c.Name)} {c.Suggestion}"))}
            );

            """;
        return new($"Table '{mapped.Schema}'.'{mapped.Name}', which MapTable names, does not exist in database '{database}'. {hint} "
            + $"A table that would do:\n\n{script}")
        { Script = script };
    }

    /// <exception cref="UsageStoreException">A column or a permission is missing, or a column has a type that does not do.</exception>
    public static void Check(MappedTable mapped, TableInfo table, string role)
    {
        string name = $"'{table.Schema}'.'{table.Name}'";
        List<MappedColumn> missing = [.. Columns(mapped).Where(c => table.Find(c.Name) is null)];
        if (missing.Count > 0)
        {
            string columns = string.Join(", ", missing.Select(static c => $"'{c.Name}' ({c.Setting})"));
            string target = Sql.Quote(table.Schema, table.Name);
            string script = string.Concat(missing.Select(c => $"ALTER TABLE {target} ADD COLUMN {Sql.Quote(c.Name)} {c.Suggestion};\n"));
            throw new UsageStoreException(
                $"Table {name} has no column {columns}. It has: {table.ColumnList}. Correct the names in MapTable, or add what is missing:\n\n{script}")
            { Script = script };
        }

        List<string> mistakes = [.. Columns(mapped).Select(c => CheckType(c, table[c.Name])).OfType<string>()];
        if (mistakes.Count > 0)
            throw new UsageStoreException($"Table {name} cannot hold counter '{mapped.Counter}'. {string.Join(' ', mistakes)}");
        CheckPermissions(mapped, table, role);
    }

    private static string? CheckType(MappedColumn column, ColumnInfo found) => column.Setting switch
    {
        nameof(MappedTable.UserId) when KeyKind.Of(found.Type) is null
            => $"Column '{found.Name}' (UserId) is of type '{found.TypeName}'; it must be uuid, {NumberTypes}.",
        nameof(MappedTable.UserId) when !found.IsUnique
            => $"Column '{found.Name}' (UserId) is not unique: it needs a primary key or a unique index of its own, without a condition.",
        nameof(MappedTable.Used) or nameof(MappedTable.Limit) when !MappedShape.IsNumberType(found.Type)
            => $"Column '{found.Name}' ({column.Setting}) is of type '{found.TypeName}'; it must be {NumberTypes}.",
        nameof(MappedTable.LastReset) or nameof(MappedTable.UpdatedAt) when !MappedShape.IsTimeType(found.Type)
            => $"Column '{found.Name}' ({column.Setting}) is of type '{found.TypeName}'; it must be timestamp, timestamptz or date.",
        _ => null,
    };

    private static void CheckPermissions(MappedTable mapped, TableInfo table, string role)
    {
        string target = Sql.Quote(table.Schema, table.Name);
        List<string> grants = [];
        if (!table.CanUseSchema)
            grants.Add($"USAGE ON SCHEMA {Sql.Quote(table.Schema)}");
        string[] unreadable = [.. Columns(mapped).Where(c => !table[c.Name].CanSelect).Select(static c => Sql.Quote(c.Name))];
        if (unreadable.Length > 0)
            grants.Add($"SELECT ({string.Join(", ", unreadable)}) ON {target}");
        string[] unwritable = [.. Columns(mapped).Where(c => c.IsWritten && !table[c.Name].CanUpdate).Select(static c => Sql.Quote(c.Name))];
        if (unwritable.Length > 0)
            grants.Add($"UPDATE ({string.Join(", ", unwritable)}) ON {target}");
        if (grants.Count == 0)
            return;
        string script = string.Concat(grants.Select(g => $"GRANT {g} TO {Sql.Quote(role)};\n"));
        throw OwnTableChecks.Missing($"Role '{role}' lacks {string.Join(", ", grants)}.", script, null);
    }

    private static IEnumerable<MappedColumn> Columns(MappedTable mapped)
    {
        yield return new(nameof(MappedTable.UserId), mapped.UserId, "text PRIMARY KEY", IsWritten: false);
        yield return new(nameof(MappedTable.Used), mapped.Used, "bigint NOT NULL DEFAULT 0", IsWritten: true);
        if (mapped.Limit is { } limit)
            yield return new(nameof(MappedTable.Limit), limit, "bigint", IsWritten: false);
        if (mapped.LastReset is { } lastReset)
            yield return new(nameof(MappedTable.LastReset), lastReset, "timestamptz", IsWritten: true);
        if (mapped.UpdatedAt is { } updatedAt)
            yield return new(nameof(MappedTable.UpdatedAt), updatedAt, "timestamptz", IsWritten: true);
    }
}
