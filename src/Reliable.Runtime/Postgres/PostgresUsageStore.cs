using System.Data;
using Npgsql;
using NpgsqlTypes;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>
/// Counters in PostgreSQL, in tables of Reliable's own or in the application's. A charge and its row in the ledger are written in one implicit transaction,
/// which is what makes sending it again harmless.
/// </summary>
public sealed partial class PostgresUsageStore : IUsageStore, IUsageLedger
{
    // When the first dead connection is found, the driver closes the others that lie idle.
    private const int MostReadings = 3;

    private readonly PostgresOptions _options;
    private readonly PostgresConnections _connections;
    private readonly PostgresLedger _ledger;
    private volatile PostgresTables? _tables;
    private volatile UsageTerms _terms = UsageTerms.Default;

    /// <summary>Creates the store; nothing is connected to yet.</summary>
    /// <param name="connectionString">The connection string, in Npgsql's form. Pool sizes and timeouts of commands in it are replaced by the options.</param>
    /// <param name="options">How counters are kept; <see langword="null"/> for tables of Reliable's own.</param>
    /// <exception cref="ArgumentException">The connection string or the options are not valid.</exception>
    public PostgresUsageStore(string connectionString, PostgresOptions? options = null)
    {
        NpgsqlConnectionStringBuilder parsed = PostgresConnectionString.Parse(connectionString);
        _options = options ?? new PostgresOptions();
        _options.Validate();
        _connections = new PostgresConnections(parsed, _options);
        _ledger = new PostgresLedger(_connections, _options);
    }

    /// <inheritdoc/>
    public string Name => "PostgreSQL";

    /// <inheritdoc/>
    /// <remarks>Mapped tables take less: their columns are read with guarded casts, row by row.</remarks>
    public int MaxBatchSize => _options.Tables.Count == 0 ? 256 : 128;

    private PostgresTables Tables => _tables ?? throw new InvalidOperationException("The PostgreSQL store is not initialized: call InitializeAsync first.");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync(UsageTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(terms);
        _terms = terms;
        _tables = await SetUpAsync(_connections.OpenForReadsAsync(cancellationToken), terms, _options.CreateTables, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Goes on with another connection string, such as one with a changed password, without a pause: what is under way ends on the connections it has, and
    /// the old ones are closed when they are returned. A connection is opened and the tables are looked at first; when anything is wrong with them, the
    /// connection string before stays in force.
    /// </summary>
    /// <param name="connectionString">
    /// The connection string. It must lead to the same data: charges that are sent again would be counted twice otherwise. Tables are not created.
    /// </param>
    /// <param name="cancellationToken">Gives up; the connection string before stays in force.</param>
    /// <exception cref="ArgumentException">The connection string is not valid.</exception>
    /// <exception cref="UsageStoreException">The server refuses the connection, or tables are missing there.</exception>
    /// <exception cref="NpgsqlException">The server cannot be reached.</exception>
    public async ValueTask ReconnectAsync(string connectionString, CancellationToken cancellationToken = default)
    {
        var next = new PostgresPool(PostgresConnectionString.Parse(connectionString), _options);
        try
        {
            _tables = await SetUpAsync(next.OpenForReadsAsync(cancellationToken), _terms, mayCreate: false, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await next.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        await _connections.ReplaceAsync(next).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>Tried again when the connection turns out to be dead, as all of them are after a restart of the server: a reading does no harm twice.</remarks>
    public async ValueTask<UsageReading> ReadAsync(string userId, string counter, UsageTerms terms, CancellationToken cancellationToken)
    {
        PostgresTables tables = Tables;
        CounterStatements statements = tables.All[tables.IndexOf(counter)];
        for (int reading = 1; ; reading++)
        {
            NpgsqlConnection connection = await _connections.OpenForReadsAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                try
                {
                    return await ReadAsync(connection, statements, userId, counter, terms, cancellationToken).ConfigureAwait(false);
                }
                catch (NpgsqlException e) when (reading < MostReadings && PostgresFailures.IsBrokenConnection(e))
                {
                    // It lay idle while the server restarted, or broke just now: the next one is new.
                }
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask SettleAsync(ReadOnlyMemory<Charge> charges, Memory<ChargeResult> results, UsageTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return charges.Length == 1 && !terms.SkipHeld && NewCharges.MayCount(Tables, terms)
            ? SettleOneAsync(charges, results, terms, cancellationToken)
            : SettleAllAsync(charges, results, terms, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<RefundResult> RefundAsync(Charge charge, UsageTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var batch = ChargeBatch.Create(Tables, [charge], terms);
        return batch.IsEmpty
            ? RefundResult.UnknownUser
            : await RunAsync(batch.CreateRefundCommands(), batch.ReadRefundAsync, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative.</exception>
    public async ValueTask SetLimitAsync(string userId, string counter, long? limit, CancellationToken cancellationToken)
    {
        if (limit is { } value)
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(limit));
        if (_options.Tables.Count > 0)
            throw new NotSupportedException($"The limits of counter '{counter}' are in a table of the application's own; set them there.");
        NpgsqlConnection connection = await _connections.OpenForReadsAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            using var command = new NpgsqlCommand(ManagedShape.SetLimit(_options.Schema), connection);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = userId });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = counter });
            command.Parameters.Add(PostgresParameters.OrNull(limit));
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoreClock> ReadClockAsync(UsageTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return _ledger.ReadClockAsync(terms, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<UsageAuditReport> AuditAsync(UsageAuditOptions options, UsageTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(terms);
        return _ledger.AuditAsync(Tables, options, terms, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<UsageRepairReport> RepairAsync(UsageRepairOptions options, bool preview, UsageTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(terms);
        return _ledger.RepairAsync(Tables, options, preview, terms, cancellationToken);
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
        return PostgresFailures.Classify(exception);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connections.DisposeAsync();

    private async Task<PostgresTables> SetUpAsync(
        ValueTask<NpgsqlConnection> opening, UsageTerms terms, bool mayCreate, CancellationToken cancellationToken)
    {
        try
        {
            NpgsqlConnection connection = await opening.ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
                return await new PostgresSetup(connection, _options, terms, mayCreate).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("28", StringComparison.Ordinal) || e.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            throw new UsageStoreException(
                $"PostgreSQL refuses the connection of the connection string given to UsePostgres: {e.MessageText} ({e.SqlState}).", e);
        }
    }

    private async ValueTask SettleAllAsync(
        ReadOnlyMemory<Charge> charges, Memory<ChargeResult> results, UsageTerms terms, CancellationToken cancellationToken)
    {
        ThrowIfCancelled(cancellationToken);
        PostgresTables tables = Tables;
        if (terms.SkipHeld)
        {
            await SettleFreeAsync(tables, charges, results, terms, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (NewCharges.TryCreate(tables, charges.Span, terms) is not { } fresh)
        {
            (await LookAndCountAsync(tables, charges, terms, cancellationToken).ConfigureAwait(false)).CopyTo(results);
            return;
        }

        await CountNewAsync(fresh, cancellationToken).ConfigureAwait(false);
        (ChargeResult[] settled, int[] undecided) = fresh.Finish();
        settled.CopyTo(results);
        if (undecided.Length > 0)
            await SettleSomeAsync(tables, charges, undecided, results, terms, cancellationToken).ConfigureAwait(false);
    }

    // Whoever takes a row after this looked is waited for, as always.
    private async ValueTask SettleFreeAsync(
        PostgresTables tables, ReadOnlyMemory<Charge> charges, Memory<ChargeResult> results, UsageTerms terms, CancellationToken cancellationToken)
    {
        var batch = ChargeBatch.Create(tables, charges.Span, terms);
        bool[] isHeld = batch.IsEmpty
            ? new bool[charges.Length]
            : await RunAsync(batch.CreateHeldCommands(), batch.ReadHeldAsync, cancellationToken).ConfigureAwait(false);
        int[] free = [.. Enumerable.Range(0, charges.Length).Where(i => !isHeld[i])];
        results.Span[..charges.Length].Fill(new ChargeResult(ChargeOutcome.Contended, 0, null));
        if (free.Length > 0)
            await SettleSomeAsync(tables, charges, free, results, terms, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask SettleSomeAsync(
        PostgresTables tables, ReadOnlyMemory<Charge> charges, int[] some, Memory<ChargeResult> results, UsageTerms terms, CancellationToken cancellationToken)
    {
        Charge[] picked = [.. some.Select(i => charges.Span[i])];
        ChargeResult[] settled = await LookAndCountAsync(tables, picked, terms, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < some.Length; i++)
            results.Span[some[i]] = settled[i];
    }

    private async ValueTask CountNewAsync(NewCharges charges, CancellationToken cancellationToken)
    {
        if (charges.IsEmpty)
            return;
        try
        {
            await RunAsync(charges.CreateCommands(), charges.ReadAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // The ledger knows one of them after all: none was counted now, and none is decided.
        }
    }

    private static async Task<UsageReading> ReadAsync(
        NpgsqlConnection connection, CounterStatements statements, string userId, string counter, UsageTerms terms, CancellationToken cancellationToken)
    {
        KeyBuffer user = statements.Key.CreateBuffer();
        bool canExist = user.TryAdd(userId);
        using var command = new NpgsqlCommand(statements.Read, connection);
        PostgresParameters.AddTerms(command.Parameters, terms);
        command.Parameters.Add(user.ToFirstParameter());
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = counter });
        await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        return new UsageReading(
            Exists: reader.GetBoolean(0) || (canExist && statements.Counter is null),
            Used: reader.GetInt64(1),
            Limit: reader.IsDBNull(2) ? null : reader.GetInt64(2),
            Now: reader.GetFieldValue<DateTimeOffset>(3),
            Day: reader.GetFieldValue<DateOnly>(4),
            ResetsAt: reader.GetFieldValue<DateTimeOffset>(5));
    }

    private async ValueTask<ChargeResult[]> LookAndCountAsync(
        PostgresTables tables, ReadOnlyMemory<Charge> charges, UsageTerms terms, CancellationToken cancellationToken)
    {
        var batch = ChargeBatch.Create(tables, charges.Span, terms);
        return batch.IsEmpty
            ? batch.CreateResults()
            : await RunAsync(batch.CreateSettleCommands(), batch.ReadResultsAsync, cancellationToken).ConfigureAwait(false);
    }

    private Task<T> RunAsync<T>(IEnumerable<NpgsqlBatchCommand> commands, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken)
        => WaitAsync(RunAsync(commands, read), cancellationToken);

    private Task<T> RunAsync<T>(IEnumerable<NpgsqlBatchCommand> commands, Func<NpgsqlDataReader, Task<T>> read) => OnLaneAsync(async lane =>
    {
        using var batch = new NpgsqlBatch(lane.Connection);
        foreach (NpgsqlBatchCommand command in commands)
            batch.BatchCommands.Add(command);
        await batch.PrepareAsync(CancellationToken.None).ConfigureAwait(false);
        lane.IsSent = true;
        NpgsqlDataReader reader = await batch.ExecuteReaderAsync(CancellationToken.None).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        return await read(reader).ConfigureAwait(false);
    });

    private async Task<T> OnLaneAsync<T>(Func<ChargeLane, Task<T>> work)
    {
        ChargeLane lane = await _connections.TakeLaneAsync().ConfigureAwait(false);
        lane.IsSent = false;
        try
        {
            T result = await work(lane).ConfigureAwait(false);
            await PostgresConnections.KeepAsync(lane).ConfigureAwait(false);
            return result;
        }
        catch (Exception e)
        {
            await GiveBackAsync(lane, e).ConfigureAwait(false);
            throw;
        }
    }

    private ValueTask GiveBackAsync(ChargeLane lane, Exception error)
    {
        if (!lane.IsSent)
            PostgresFailures.MarkNotSent(error);
        bool isReadOnly = PostgresFailures.IsReadOnlyServer(error);
        if (isReadOnly)
            _connections.Reconnect();

        // When it was the server that said no, the connection is as good as before.
        return error is PostgresException && !isReadOnly && lane.Connection.State == ConnectionState.Open
            ? PostgresConnections.KeepAsync(lane)
            : lane.DisposeAsync();
    }

    private static void ThrowIfCancelled(CancellationToken cancellationToken)
    {
        if (!cancellationToken.IsCancellationRequested)
            return;
        var cancelled = new OperationCanceledException(cancellationToken);
        PostgresFailures.MarkNotSent(cancelled);
        throw cancelled;
    }

    // Cancellation ends the wait and leaves the statement alone: cancelling a commit would only make its outcome unknown. What was left alone keeps its
    // connection until the command's timeout, and its results go nowhere.
    private static async Task<T> WaitAsync<T>(Task<T> running, CancellationToken cancellationToken)
    {
        try
        {
            return await running.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!running.IsCompleted)
        {
            LeaveAlone(running);
            throw;
        }
    }

    private static void LeaveAlone(Task running)
        => running.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
