using Npgsql;
using NpgsqlTypes;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>
/// Counters in PostgreSQL, in tables of Reliable's own or in the application's. A charge and its row in the ledger are written in one implicit transaction,
/// which is what makes sending it again harmless.
/// </summary>
public sealed class PostgresUsageStore : IUsageStore, IUsageLedger
{
    // When the first dead connection is found, the driver closes the others that lie idle.
    private const int MostReadings = 3;

    private readonly PostgresOptions _options;
    private readonly PostgresConnections _connections;
    private readonly PostgresLedger _ledger;
    private volatile PostgresTables? _tables;

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
        try
        {
            NpgsqlConnection connection = await _connections.OpenForReadsAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
                _tables = await new PostgresSetup(connection, _options, terms).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("28", StringComparison.Ordinal) || e.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            throw new UsageStoreException(
                $"PostgreSQL refuses the connection of the connection string given to UsePostgres: {e.MessageText} ({e.SqlState}).", e);
        }
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
    public async ValueTask SettleAsync(ReadOnlyMemory<Charge> charges, Memory<ChargeResult> results, UsageTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(terms);
        PostgresTables tables = Tables;
        if (NewCharges.TryCreate(tables, charges.Span, terms) is not { } fresh)
        {
            (await LookAndCountAsync(tables, charges, terms, cancellationToken).ConfigureAwait(false)).CopyTo(results);
            return;
        }

        await CountNewAsync(fresh, cancellationToken).ConfigureAwait(false);
        (ChargeResult[] settled, int[] undecided) = fresh.Finish();
        settled.CopyTo(results);
        if (undecided.Length == 0)
            return;
        Charge[] rest = [.. undecided.Select(i => charges.Span[i])];
        ChargeResult[] settledThen = await LookAndCountAsync(tables, rest, terms, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < undecided.Length; i++)
            results.Span[undecided[i]] = settledThen[i];
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

    // Cancellation ends the wait and leaves the statement alone: cancelling a commit would only make its outcome unknown. What was left alone keeps its
    // connection until the command's timeout, and its results go nowhere.
    private async ValueTask<T> RunAsync<T>(IEnumerable<NpgsqlBatchCommand> commands, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await _connections.OpenForChargesAsync(cancellationToken).ConfigureAwait(false);
        Task<T> running = RunAsync(connection, commands, read);
        if (!cancellationToken.CanBeCanceled || running.IsCompleted)
            return await running.ConfigureAwait(false);
        try
        {
            return await running.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!running.IsCompleted)
        {
            _ = running.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
    }

    private async Task<T> RunAsync<T>(NpgsqlConnection connection, IEnumerable<NpgsqlBatchCommand> commands, Func<NpgsqlDataReader, Task<T>> read)
    {
        bool isSent = false;
        try
        {
            await using (connection.ConfigureAwait(false))
            {
                using var batch = new NpgsqlBatch(connection);
                foreach (NpgsqlBatchCommand command in commands)
                    batch.BatchCommands.Add(command);
                await batch.PrepareAsync(CancellationToken.None).ConfigureAwait(false);
                isSent = true;
                NpgsqlDataReader reader = await batch.ExecuteReaderAsync(CancellationToken.None).ConfigureAwait(false);
                await using var closing = reader.ConfigureAwait(false);
                return await read(reader).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            if (!isSent)
                PostgresFailures.MarkNotSent(e);
            if (PostgresFailures.IsReadOnlyServer(e))
                _connections.Reconnect();
            throw;
        }
    }
}
