using Reliable.Usage;

namespace Reliable.Sqlite;

/// <summary>
/// One counter during a batch: what it is on the day the batch counts on, and what the batch adds. The rules are those of the PostgreSQL statement.
/// </summary>
internal sealed class SqliteTally
{
    private readonly SqliteCounter _counter;
    private readonly DateOnly _today;
    private readonly long _base;

    public SqliteTally(SqliteCounter counter, UsageTerms terms, DateOnly today)
    {
        _counter = counter;
        _today = today;
        bool isBogus = SqliteDays.IsBogus(counter.Day, today);
        Limit = counter.Limit ?? terms.DefaultLimit;

        // The day goes back only for a replay; a counter that is ahead by a day, because another process's zone or clock is, keeps its day.
        Day = terms.Day is { } replay ? (replay < today ? replay : today)
            : isBogus || counter.Day < today ? today
            : counter.Day;
        IsLate = Day < counter.Day && !isBogus;
        _base = counter.Day < Day || isBogus ? 0 : counter.Used;
    }

    public long? Limit { get; }

    /// <summary>The day on which charges of this batch count.</summary>
    public DateOnly Day { get; }

    /// <summary>Whether the counter has left that day behind, so that charges go to the ledger only.</summary>
    public bool IsLate { get; }

    /// <summary>What the batch adds.</summary>
    public long Added { get; private set; }

    /// <summary>The counter of its day after the batch.</summary>
    public long Total => _base + Added;

    /// <summary>The counter of today after the batch.</summary>
    public long UsedToday => IsLate ? (_counter.Day >= _today ? _counter.Used : 0) : Day >= _today ? Total : 0;

    public bool HasRoomFor(int amount) => IsLate || Limit is not { } limit || Total + amount <= limit;

    public void Add(int amount)
    {
        if (!IsLate)
            Added = checked(Added + amount);
    }
}
