using System.Text;

namespace Reliable;

/// <summary>How counters are kept in PostgreSQL.</summary>
public sealed class PostgresOptions
{
    private readonly List<MappedTable> _tables = [];

    /// <summary>
    /// The schema of Reliable's own tables: the ledger, and the counters unless they are mapped. Taken literally, upper and lower case included.
    /// Default: <c>reliable</c>.
    /// </summary>
    public string Schema { get; set; } = "reliable";

    /// <summary>
    /// Whether missing tables of Reliable's own are created on start. When <see langword="false"/>, or when the role may not, start fails with the script
    /// of <see cref="PostgresScripts"/> for whoever may. Default: <see langword="true"/>. A mapped table is never created or altered.
    /// </summary>
    public bool CreateTables { get; set; } = true;

    /// <summary>
    /// How long one statement may take before it counts as failed, 1 second to 1 minute; the server gives up somewhat earlier, so that most outcomes are known.
    /// Default: 10 s. <c>Usage:CommitTimeout</c> says how long an answer waits, which is usually shorter.
    /// </summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The most connections for reading counters, 1 to 100. Charges have two connections of their own besides. Default: 4.</summary>
    public int ReadConnections { get; set; } = 4;

    /// <summary>The tables of the application's own that hold counters; empty in managed mode.</summary>
    public IReadOnlyList<MappedTable> Tables => _tables;

    /// <summary>Keeps one counter in an existing table of the application's own, which is not altered. Call it once for each counter.</summary>
    /// <param name="table">The table's name, taken literally: upper and lower case included, without quotes and without its schema.</param>
    /// <param name="configure">Names the columns.</param>
    public PostgresOptions MapTable(string table, Action<MappedTable> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(table);
        ArgumentNullException.ThrowIfNull(configure);
        var mapped = new MappedTable(table);
        configure(mapped);
        _tables.Add(mapped);
        return this;
    }

    /// <exception cref="ArgumentException">Something is wrong; the message names every mistake.</exception>
    internal void Validate()
    {
        List<string> mistakes = [];
        if (!IsUsableSchema(Schema))
            mistakes.Add($"Schema is '{Schema}'; it must be a name of 1 to 63 bytes that does not begin with 'pg_'.");
        if (CommandTimeout < TimeSpan.FromSeconds(1) || CommandTimeout > TimeSpan.FromMinutes(1))
            mistakes.Add($"CommandTimeout is '{CommandTimeout}'; it must be from 00:00:01 to 00:01:00.");
        if (ReadConnections is < 1 or > 100)
            mistakes.Add($"ReadConnections is '{ReadConnections}'; it must be from 1 to 100.");
        foreach (MappedTable table in _tables)
            table.Validate(mistakes);
        foreach (IGrouping<string, MappedTable> counter in _tables.GroupBy(static t => t.Counter, StringComparer.Ordinal).Where(static g => g.Count() > 1))
            mistakes.Add($"Counter '{counter.Key}' is mapped {counter.Count()} times; each counter can be mapped once.");
        if (mistakes.Count > 0)
            throw new ArgumentException($"The PostgreSQL options are not valid. {string.Join(' ', mistakes)}");
    }

    private static bool IsUsableSchema(string? name)
        => !string.IsNullOrEmpty(name)
            && !name.Contains('\0', StringComparison.Ordinal)
            && !name.StartsWith("pg_", StringComparison.Ordinal)
            && Encoding.UTF8.GetByteCount(name) <= 63;
}
