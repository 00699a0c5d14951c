using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>What an audit looks at, for users and for a repair alike.</summary>
internal sealed record AuditScope(string? Counter, IReadOnlyCollection<string>? Users, UsageFindingKinds Kinds, int MaxRows, TimeSpan Timeout)
{
    public AuditScope(UsageAuditOptions options)
        : this(options.Counter, options.Users, options.Kinds, options.MaxFindings + 1, options.Timeout)
    {
    }

    public AuditScope(UsageRepairOptions options)
        : this(options.Counter, options.Users, options.Kinds, options.MaxFindings + 1, options.Timeout)
    {
    }

    /// <summary>Whether rows are counted for the report, and looked through for some that are there twice; each reads the whole ledger once more.</summary>
    public bool IsFirstReading { get; init; } = true;

    /// <summary>The tables that are looked at.</summary>
    /// <exception cref="UsageStoreException">The counter is not mapped.</exception>
    public IEnumerable<CounterStatements> TablesOf(PostgresTables tables)
        => Counter is null ? tables.All : [tables.All[tables.IndexOf(Counter)]];
}
