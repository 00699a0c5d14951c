using Npgsql;

[assembly: AssemblyFixture(typeof(Reliable.Servers.PostgresServer))]

namespace Reliable.Servers;

/// <summary>
/// The PostgreSQL server of the tests. <c>RELIABLE_TEST_POSTGRES</c> names an existing one by the connection string of an administrator; otherwise a
/// throw-away server is started when the first test asks for it, as an unprivileged user on a free port, and removed at the end.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly SemaphoreSlim _gate = new(1);
    private PostgresCluster? _cluster;
    private string? _administrator;
    private int _databases;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Creates an empty database and returns the administrator's connection string to it.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        string administrator = await StartAsync();
        string name = $"reliable_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(administrator);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(administrator) { Database = name, MaxPoolSize = 50 }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        _gate.Dispose();
    }

    private async Task<string> StartAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_administrator is not null)
                return _administrator;
            if (Environment.GetEnvironmentVariable("RELIABLE_TEST_POSTGRES") is { Length: > 0 } existing)
                return _administrator = existing;
            _cluster = await PostgresCluster.StartAsync();
            return _administrator = _cluster.ConnectionString;
        }
        finally
        {
            _gate.Release();
        }
    }
}
