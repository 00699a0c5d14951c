using Npgsql;

namespace Reliable.Postgres;

/// <summary>
/// The store's own connections, apart from those of the application, so that neither an exhausted application pool nor a crowd of reads can keep a charge
/// waiting. The connection string can be replaced while they are in use.
/// </summary>
internal sealed class PostgresConnections(NpgsqlConnectionStringBuilder connectionString, PostgresOptions options) : IAsyncDisposable
{
    private PostgresPool _pool = new(connectionString, options);
    private bool _isDisposed;

    /// <summary>Takes a connection for charges: the one that is kept, or a new one. What it throws is marked: nothing was sent.</summary>
    public ValueTask<ChargeLane> TakeLaneAsync() => Volatile.Read(ref _pool).TakeKept() is { } lane ? new(lane) : OpenLaneAsync();

    /// <summary>Keeps a connection for the next charges, unless its connection string was replaced meanwhile.</summary>
    public static ValueTask KeepAsync(ChargeLane lane) => lane.Pool.KeepAsync(lane);

    public ValueTask<NpgsqlConnection> OpenForReadsAsync(CancellationToken cancellationToken)
        => OpenAsync(static (pool, token) => pool.OpenForReadsAsync(token), cancellationToken);

    /// <summary>Closes the connections for charges, so that the next one looks for the server anew.</summary>
    public void Reconnect() => Volatile.Read(ref _pool).Reconnect();

    /// <summary>Opens every connection from now on from another pool; those in use go on to their end.</summary>
    public async ValueTask ReplaceAsync(PostgresPool next)
    {
        PostgresPool before = Interlocked.Exchange(ref _pool, next);
        await before.DisposeAsync().ConfigureAwait(false);
        if (Volatile.Read(ref _isDisposed))
            await next.DisposeAsync().ConfigureAwait(false);
    }

    public ValueTask DisposeAsync()
    {
        Volatile.Write(ref _isDisposed, true);
        return Volatile.Read(ref _pool).DisposeAsync();
    }

    private async ValueTask<ChargeLane> OpenLaneAsync()
    {
        try
        {
            return await OpenAsync(static (pool, _) => pool.OpenLaneAsync(), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            PostgresFailures.MarkNotSent(e);
            throw;
        }
    }

    // Whatever goes wrong with a connection string that was replaced meanwhile is nobody's concern: the next one is asked.
    private async ValueTask<T> OpenAsync<T>(Func<PostgresPool, CancellationToken, ValueTask<T>> open, CancellationToken cancellationToken)
    {
        while (true)
        {
            PostgresPool pool = Volatile.Read(ref _pool);
            if (!pool.TryEnter())
            {
                ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), this);
                continue;
            }

            try
            {
                return await open(pool, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception) when (!ReferenceEquals(pool, Volatile.Read(ref _pool)) && !cancellationToken.IsCancellationRequested)
            {
                // Once more, with the next.
            }
            finally
            {
                await pool.ExitAsync().ConfigureAwait(false);
            }
        }
    }
}
