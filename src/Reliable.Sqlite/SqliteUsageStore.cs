using Microsoft.Data.Sqlite;
using Reliable.Usage;

namespace Reliable.Sqlite;

/// <summary>
/// Counters in a SQLite file: embedded, durable, no server. Several processes can share the file. The clock is this machine's.
/// </summary>
/// <remarks>
/// SQLite works synchronously: a commit waits for the disk, a busy file for its other user. Both happen on two threads of the store's own, one that writes
/// and one that reads, so that no caller and no thread of the pool is held, and a writer that waits keeps no reader waiting.
/// </remarks>
public sealed class SqliteUsageStore : IUsageStore, IUsageLedger
{
    private readonly TimeProvider _time;
    private readonly SqliteFile _file;
    private readonly SqliteWorker<SqliteWriter> _writer;
    private readonly SqliteWorker<SqliteReader> _reader;
    private readonly SqliteLedger _ledger;

    /// <summary>Creates the store; the file is not opened yet.</summary>
    /// <param name="path">The path of the file, or a connection string such as <c>Data Source=usage.db</c>. Missing directories are created.</param>
    /// <param name="timeProvider">The clock that decides which day it is; <see langword="null"/> for the system's.</param>
    /// <exception cref="ArgumentException">The path is empty, or the connection string cannot be read or is of a database in memory.</exception>
    public SqliteUsageStore(string path, TimeProvider? timeProvider = null)
    {
        _file = new SqliteFile(path);
        _time = timeProvider ?? TimeProvider.System;
        _writer = new SqliteWorker<SqliteWriter>("Reliable SQLite writer", () => new SqliteWriter(_file.Open(), _time));
        _reader = new SqliteWorker<SqliteReader>("Reliable SQLite reader", () => new SqliteReader(_file.Open()));
        _ledger = new SqliteLedger(_file, _writer, _time);
    }

    /// <inheritdoc/>
    public string Name => "SQLite";

    /// <inheritdoc/>
    public int MaxBatchSize => 512;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync(UsageTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(terms);
        SqliteDays.CheckZone(terms.TimeZone);
        try
        {
            await _writer.RunAsync(writer => SqliteSchema.Prepare(writer.Connection, _file), cancellationToken).ConfigureAwait(false);
        }
        catch (SqliteException e)
        {
            throw _file.Explain(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<UsageReading> ReadAsync(string userId, string counter, UsageTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(terms);
        (long used, long? limit, DateOnly day) = await _reader.RunAsync(reader => reader.Read(userId, counter), cancellationToken).ConfigureAwait(false);
        DateTimeOffset now = _time.GetUtcNow();
        DateOnly today = SqliteDays.DayOf(now, terms.TimeZone);
        bool isCurrent = day >= today && !SqliteDays.IsBogus(day, today);
        return new UsageReading(
            UserIds.CanBeStored(userId), isCurrent ? used : 0, limit ?? terms.DefaultLimit, now, today, SqliteDays.StartOf(today.AddDays(1), terms.TimeZone));
    }

    /// <inheritdoc/>
    public async ValueTask SettleAsync(ReadOnlyMemory<Charge> charges, Memory<ChargeResult> results, UsageTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(terms);

        // A copy: whoever stops waiting may use his memory again while the writer is still at work.
        Charge[] copy = charges.ToArray();
        ChargeResult[] settled = await _writer.RunAsync(writer => writer.Settle(copy, terms), cancellationToken).ConfigureAwait(false);
        settled.CopyTo(results);
    }

    /// <inheritdoc/>
    public async ValueTask<RefundResult> RefundAsync(Charge charge, UsageTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (!UserIds.CanBeStored(charge.UserId))
            return RefundResult.UnknownUser;
        return await _writer.RunAsync(writer => writer.Refund(charge, terms.TimeZone), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative.</exception>
    public async ValueTask SetLimitAsync(string userId, string counter, long? limit, CancellationToken cancellationToken)
    {
        if (limit is { } value)
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(limit));
        await _writer.RunAsync(writer => writer.SetLimit(userId, counter, limit), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<StoreClock> ReadClockAsync(UsageTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(terms);
        DateTimeOffset now = _time.GetUtcNow();
        return new(new StoreClock(now, SqliteDays.DayOf(now, terms.TimeZone)));
    }

    /// <inheritdoc/>
    public ValueTask<UsageAuditReport> AuditAsync(UsageAuditOptions options, UsageTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(terms);
        return _ledger.AuditAsync(options, terms, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<UsageRepairReport> RepairAsync(UsageRepairOptions options, bool preview, UsageTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(terms);
        return _ledger.RepairAsync(options, preview, terms, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<LedgerPurgeStep> PurgeAsync(TimeSpan age, Guid after, int maxCharges, UsageTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return _ledger.PurgeAsync(age, after, maxCharges, terms, cancellationToken);
    }

    /// <inheritdoc/>
    public StoreFailure Classify(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return SqliteFailures.Classify(exception);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync().ConfigureAwait(false);
        await _reader.DisposeAsync().ConfigureAwait(false);
    }
}
