using System.Globalization;
using Npgsql;

namespace Reliable.Postgres;

/// <summary>
/// The connections of one connection string: two for charges and a few for reads. When it is replaced, what is in use goes on to its end, what is idle is
/// closed, and everything is gone when the last one is returned.
/// </summary>
internal sealed class PostgresPool : IAsyncDisposable
{
    private const int LongestLockWaitMs = 2_000;

    // Other writers of this library are done in milliseconds. Whoever holds a row for longer keeps all charges waiting: better to go on without that one.
    private const int ChargesLockWaitMs = 500;

    private readonly NpgsqlDataSource _charges;
    private readonly NpgsqlDataSource _reads;
    private ChargeLane? _lane;

    // One for whoever disposes, and one for each that is being opened: the driver closes what is returned after it was disposed of, but not what it opened then.
    private int _holders = 1;
    private bool _isDisposed;

    public PostgresPool(NpgsqlConnectionStringBuilder connectionString, PostgresOptions options)
    {
        _charges = Create(connectionString, options, ChargesLockWaitMs, maxConnections: 2);
        _reads = Create(connectionString, options, LongestLockWaitMs, options.ReadConnections);
    }

    /// <summary>Takes the connection for charges that is kept.</summary>
    public ChargeLane? TakeKept() => Interlocked.Exchange(ref _lane, null);

    /// <summary>Keeps a connection for the next charges; one too many, or one that comes after the end, is disposed of instead.</summary>
    public ValueTask KeepAsync(ChargeLane lane)
    {
        if (Volatile.Read(ref _isDisposed) || Interlocked.CompareExchange(ref _lane, lane, null) is not null)
            return lane.DisposeAsync();

        // Who disposed of everything else meanwhile has not seen this one.
        return Volatile.Read(ref _isDisposed) && TakeKept() is { } last ? last.DisposeAsync() : default;
    }

    /// <summary>Announces that a connection is about to be opened; to be followed by <see cref="ExitAsync"/> when it is.</summary>
    /// <returns><see langword="false"/> when this pool is done with.</returns>
    public bool TryEnter()
    {
        int holders = Volatile.Read(ref _holders);
        while (holders > 0)
        {
            int seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders)
                return true;
            holders = seen;
        }

        return false;
    }

    public ValueTask ExitAsync() => Interlocked.Decrement(ref _holders) == 0 ? CloseAsync() : default;

    public async ValueTask<ChargeLane> OpenLaneAsync() => new(await _charges.OpenConnectionAsync(CancellationToken.None).ConfigureAwait(false), this);

    public ValueTask<NpgsqlConnection> OpenForReadsAsync(CancellationToken cancellationToken) => _reads.OpenConnectionAsync(cancellationToken);

    /// <summary>Closes the connections for charges, so that the next one looks for the server anew.</summary>
    public void Reconnect() => _charges.Clear();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        if (TakeKept() is { } lane)
            await lane.DisposeAsync().ConfigureAwait(false);
        await ExitAsync().ConfigureAwait(false);
    }

    private async ValueTask CloseAsync()
    {
        await _charges.DisposeAsync().ConfigureAwait(false);
        await _reads.DisposeAsync().ConfigureAwait(false);
    }

    private static NpgsqlDataSource Create(NpgsqlConnectionStringBuilder connectionString, PostgresOptions options, int lockWaitMs, int maxConnections)
    {
        string session = SessionSql(options.CommandTimeout, lockWaitMs);
        var settings = new NpgsqlConnectionStringBuilder(connectionString.ConnectionString)
        {
            Pooling = true,
            MinPoolSize = 0,
            MaxPoolSize = maxConnections,
            CommandTimeout = (int)Math.Ceiling(options.CommandTimeout.TotalSeconds),

            // Nothing of the session is ever changed, so nothing is reset; a reset would also undo the session's settings.
            NoResetOnClose = true,
            Enlist = false,
            Multiplexing = false,
            MaxAutoPrepare = 0,
        };
        settings.ApplicationName ??= "Reliable";
        if (settings.Host!.Contains(',', StringComparison.Ordinal))
            settings.TargetSessionAttributes ??= "read-write";

        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = new NpgsqlCommand(session, connection);
                command.ExecuteNonQuery();
            },
            async connection =>
            {
                using var command = new NpgsqlCommand(session, connection);
                await command.ExecuteNonQueryAsync().ConfigureAwait(false);
            });
        return builder.Build();
    }

    // * Plans are made once and kept, also while the tables are still empty: only plans that look rows up by their keys stay right as the tables grow.
    // * Two statements in one transaction must have two snapshots: read committed, whatever the default of the role or the database is.
    // * A counted charge must be durable: where commits are asynchronous by default, these are not.
    // * The server gives up before the client does: then it is known that nothing happened, and the connection stays. It gives up waiting for a row that
    //   somebody else holds sooner still, because everybody else's charges wait behind it.
    private static string SessionSql(TimeSpan commandTimeout, int lockWaitMs)
    {
        string lockTimeout = ((long)Math.Min(commandTimeout.TotalMilliseconds * 0.5, lockWaitMs)).ToString(CultureInfo.InvariantCulture);
        string statementTimeout = ((long)(commandTimeout.TotalMilliseconds * 0.8)).ToString(CultureInfo.InvariantCulture);
        return $"""
            SELECT set_config('enable_seqscan', 'off', false), set_config('enable_hashjoin', 'off', false), set_config('enable_mergejoin', 'off', false),
              set_config('plan_cache_mode', 'force_generic_plan', false), set_config('jit', 'off', false),
              set_config('default_transaction_isolation', 'read committed', false),
              set_config('synchronous_commit', COALESCE(NULLIF(current_setting('synchronous_commit'), 'off'), 'on'), false),
              set_config('lock_timeout', '{lockTimeout}', false), set_config('statement_timeout', '{statementTimeout}', false)
            """;
    }
}
