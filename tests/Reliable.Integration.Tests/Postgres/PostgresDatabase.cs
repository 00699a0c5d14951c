using Npgsql;
using Reliable.Servers;

namespace Reliable.Postgres;

/// <summary>A database of a test class's own.</summary>
public sealed class PostgresDatabase(PostgresServer server) : IAsyncLifetime
{
    private NpgsqlDataSource? _source;

    public string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await server.CreateDatabaseAsync();
        _source = NpgsqlDataSource.Create(ConnectionString);
    }

    public async Task ExecuteAsync(string sql, params object?[] parameters)
    {
        await using NpgsqlCommand command = Create(sql, parameters);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql, params object?[] parameters)
    {
        await using NpgsqlCommand command = Create(sql, parameters);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<IReadOnlyList<string>> ColumnAsync(string sql, params object?[] parameters)
    {
        await using NpgsqlCommand command = Create(sql, parameters);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<string> values = [];
        while (await reader.ReadAsync())
            values.Add(reader.GetString(0));
        return values;
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
            await _source.DisposeAsync();
    }

    private NpgsqlCommand Create(string sql, object?[] parameters)
    {
        NpgsqlCommand command = _source!.CreateCommand(sql);
        foreach (object? parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter ?? DBNull.Value });
        return command;
    }
}
