using Microsoft.Data.Sqlite;

namespace Reliable.Sqlite;

/// <summary>The session that reads counters.</summary>
internal sealed class SqliteReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _select;

    public SqliteReader(SqliteConnection connection)
    {
        _connection = connection;
        _select = new SqliteStatement(connection, SqliteStatement.SelectCounter);
    }

    public SqliteCounter Read(string userId, string counter) => SqliteCounter.Load(_select, userId, counter);

    public void Dispose()
    {
        _select.Dispose();
        _connection.Dispose();
    }
}
