using Microsoft.Data.Sqlite;

namespace Reliable.CommitLoad.Contenders;

/// <summary>One UPDATE per request in a SQLite file as durable as the library's, one after the other, as SQLite takes them.</summary>
internal sealed class SqliteUpdate(string directory) : IContender
{
    private readonly SemaphoreSlim _turn = new(1);
    private SqliteConnection? _connection;
    private SqliteCommand? _update;

    public string Name => "SQLite, one UPDATE per request";

    public Task PrepareAsync(IReadOnlyList<string> users, int callers)
    {
        _connection = new SqliteConnection($"Data Source={Path.Combine(directory, $"{Guid.NewGuid():N}.db")};Pooling=False");
        _connection.Open();
        Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE plain_usage (user_id TEXT PRIMARY KEY, used INTEGER NOT NULL) WITHOUT ROWID");
        Execute($"INSERT INTO plain_usage VALUES {string.Join(", ", users.Select(static u => $"('{u}', 0)"))}");
        _update = _connection.CreateCommand();
        _update.CommandText = "UPDATE plain_usage SET used = used + 1 WHERE user_id = $1";
        _update.Parameters.AddWithValue("$1", "");
        return Task.CompletedTask;
    }

    public async ValueTask CommitAsync(string user)
    {
        await _turn.WaitAsync();
        try
        {
            _update!.Parameters[0].Value = user;
            _update.ExecuteNonQuery();
        }
        finally
        {
            _turn.Release();
        }
    }

    public Task<long> CountAsync()
    {
        using SqliteCommand command = _connection!.CreateCommand();
        command.CommandText = "SELECT sum(used) FROM plain_usage";
        return Task.FromResult((long)command.ExecuteScalar()!);
    }

    public ValueTask DisposeAsync()
    {
        _update?.Dispose();
        _turn.Dispose();
        return _connection!.DisposeAsync();
    }

    private void Execute(string sql)
    {
        using SqliteCommand command = _connection!.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
