using System.Globalization;
using Npgsql;

namespace Reliable.Postgres;

/// <summary>
/// The store's own connections, apart from those of the application: two for charges and a few for reads, so that neither an exhausted application pool
/// nor a crowd of reads can keep a charge waiting.
/// </summary>
internal sealed class PostgresConnections : IAsyncDisposable
{
    private const int LongestLockWaitMs = 2_000;

    // Other writers of this library are done in milliseconds. Whoever holds a row for longer keeps all charges waiting: better to go on without that one.
    private const int ChargesLockWaitMs = 500;

    private readonly NpgsqlDataSource _charges;
    private readonly NpgsqlDataSource _reads;
    private ChargeLane? _lane;
    private bool _isDisposed;

    public PostgresConnections(NpgsqlConnectionStringBuilder connectionString, PostgresOptions options)
    {
        _charges = Create(connectionString, options, ChargesLockWaitMs, maxConnections: 2);
        _reads = Create(connectionString, options, LongestLockWaitMs, options.ReadConnections);
    }

    /// <summary>Takes a connection for charges: the one that is kept, or a new one. What it throws is marked: nothing was sent.</summary>
    public ValueTask<ChargeLane> TakeLaneAsync() => Interlocked.Exchange(ref _lane, null) is { } lane ? new(lane) : OpenLaneAsync();

    /// <summary>Keeps a connection for the next charges; a broken one is disposed of instead.</summary>
    public ValueTask KeepAsync(ChargeLane lane)
    {
        if (Volatile.Read(ref _isDisposed) || Interlocked.CompareExchange(ref _lane, lane, null) is not null)
            return lane.DisposeAsync();

        // Who disposed of everything else meanwhile has not seen this one.
        return Volatile.Read(ref _isDisposed) && Interlocked.Exchange(ref _lane, null) is { } last ? last.DisposeAsync() : default;
    }

    public ValueTask<NpgsqlConnection> OpenForReadsAsync(CancellationToken cancellationToken) => _reads.OpenConnectionAsync(cancellationToken);

    /// <summary>Closes the connections for charges, so that the next one looks for the server anew.</summary>
    public void Reconnect() => _charges.Clear();

    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _isDisposed, true);
        if (Interlocked.Exchange(ref _lane, null) is { } lane)
            await lane.DisposeAsync().ConfigureAwait(false);
        await _charges.DisposeAsync().ConfigureAwait(false);
        await _reads.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<ChargeLane> OpenLaneAsync()
    {
        try
        {
            return new ChargeLane(await _charges.OpenConnectionAsync(CancellationToken.None).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            PostgresFailures.MarkNotSent(e);
            throw;
        }
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
