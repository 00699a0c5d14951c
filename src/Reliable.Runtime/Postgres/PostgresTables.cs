using System.Collections.Frozen;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>The tables of counters as they were found on start: one of Reliable's own for all counters, or one of the application's for each.</summary>
internal sealed class PostgresTables
{
    private readonly FrozenDictionary<string, int>? _indexes;

    /// <summary>Reliable's own table, which holds every counter.</summary>
    public PostgresTables(CounterStatements managed) => (All, HaveLocksOfTheirOwn) = ([managed], true);

    /// <summary>The application's tables, sorted: one order of locks for every instance, whatever order their options name the tables in.</summary>
    public PostgresTables(IEnumerable<CounterStatements> mapped)
    {
        All = [.. mapped.OrderBy(static m => m.LockTarget, StringComparer.Ordinal).ThenBy(static m => m.Counter, StringComparer.Ordinal)];
        HaveLocksOfTheirOwn = All.DistinctBy(static m => m.LockTarget).Count() == All.Count;
        _indexes = All.Select(static (statements, i) => KeyValuePair.Create(statements.Counter!, i)).ToFrozenDictionary(StringComparer.Ordinal);
    }

    public IReadOnlyList<CounterStatements> All { get; }

    /// <summary>Whether no two counters are in one table: two statements that each lock users of their own would lock those of the table in no order.</summary>
    public bool HaveLocksOfTheirOwn { get; }

    /// <summary>The position in <see cref="All"/> of the table of a counter.</summary>
    /// <exception cref="UsageStoreException">The counter is not mapped.</exception>
    public int IndexOf(string counter)
    {
        if (_indexes is null)
            return 0;
        return _indexes.TryGetValue(counter, out int index)
            ? index
            : throw new UsageStoreException(
                $"Counter '{counter}' is not mapped to a table; mapped are '{string.Join("', '", _indexes.Keys.Order(StringComparer.Ordinal))}'. "
                + $"Add MapTable(…, t => t.Counter = \"{counter}\") to UsePostgres, or correct the name in [UsageTransaction].");
    }
}
