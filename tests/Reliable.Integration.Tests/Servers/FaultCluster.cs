using Npgsql;

namespace Reliable.Servers;

/// <summary>A server of a test class's own, which it may freeze, kill and crash.</summary>
public class FaultCluster : IAsyncLifetime
{
    private PostgresCluster? _server;
    private int _databases;

    public PostgresCluster Server => _server ?? throw new InvalidOperationException("The server is not started yet.");

    /// <summary>Further settings of the server.</summary>
    protected virtual string Settings => "";

    public async ValueTask InitializeAsync() => _server = await PostgresCluster.StartAsync(Settings);

    /// <summary>Creates an empty database and returns the administrator's connection string to it.</summary>
    public Task<string> CreateDatabaseAsync() => CreateDatabaseAsync(Server);

    /// <summary>Ends sessions of others, such as half of them: which, the condition says.</summary>
    public async Task TerminateAsync(string condition = "true")
    {
        await using NpgsqlConnection connection = await OpenAsync(Server.ConnectionString);
        await using var command = new NpgsqlCommand(
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND {condition}", connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The process of a session that an application has, at work if one is; <see langword="null"/> when there is none.</summary>
    public async Task<int?> FindBackendAsync(string application = "Reliable")
    {
        await using NpgsqlConnection connection = await OpenAsync(Server.ConnectionString);
        await using var command = new NpgsqlCommand(
            """
            SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND query NOT LIKE '%set_config%'
            ORDER BY state = 'active' DESC, query LIKE '%INSERT%' DESC, query_start DESC LIMIT 1
            """,
            connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = application } },
        };
        return (int?)await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<string> CreateDatabaseAsync(PostgresCluster server)
    {
        string name = $"faults_{Interlocked.Increment(ref _databases)}";
        await using NpgsqlConnection connection = await OpenAsync(server.ConnectionString);
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString;
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
