using Reliable.Postgres;

namespace Reliable;

/// <summary>The SQL scripts that create Reliable's own tables, for operators who do not let an application create them. Each can be run again safely.</summary>
public static class PostgresScripts
{
    /// <summary>The counters and the ledger, for managed mode.</summary>
    /// <param name="schema">The schema, <see cref="PostgresOptions.Schema"/>.</param>
    /// <param name="role">The role the application connects as, which is granted what it needs; <see langword="null"/> when it owns the tables.</param>
    public static string Managed(string schema = "reliable", string? role = null)
        => Compose(schema, role, "the counters and the ledger", OwnTables.Usage, OwnTables.Charge);

    /// <summary>The ledger alone, for counters in mapped tables.</summary>
    /// <param name="schema">The schema, <see cref="PostgresOptions.Schema"/>.</param>
    /// <param name="role">The role the application connects as, which is granted what it needs; <see langword="null"/> when it owns the tables.</param>
    public static string Mapped(string schema = "reliable", string? role = null)
        => Compose(schema, role, "the ledger of charges", OwnTables.Charge);

    private static string Compose(string schema, string? role, string what, params ReadOnlySpan<OwnTable> tables)
    {
        ArgumentException.ThrowIfNullOrEmpty(schema);
        string name = Sql.Quote(schema);
        var script = new List<string>
        {
            $"-- Reliable: {what}. PostgreSQL 12 or later; running it again changes nothing.",
            $"CREATE SCHEMA IF NOT EXISTS {name};",
        };
        foreach (OwnTable table in tables)
            script.Add(table.Create(schema));
        if (role is not null)
        {
            script.Add($"GRANT USAGE ON SCHEMA {name} TO {Sql.Quote(role)};");
            foreach (OwnTable table in tables)
                script.Add($"GRANT SELECT, INSERT, UPDATE, DELETE ON {Sql.Quote(schema, table.Name)} TO {Sql.Quote(role)};");
        }

        return string.Join('\n', script) + "\n";
    }
}
