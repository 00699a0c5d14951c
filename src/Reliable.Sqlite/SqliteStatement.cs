using Microsoft.Data.Sqlite;

namespace Reliable.Sqlite;

/// <summary>A prepared statement with the positional parameters <c>$1</c>, <c>$2</c> ….</summary>
internal sealed class SqliteStatement : IDisposable
{
    public const string SelectCounter = "SELECT used, \"limit\", day FROM reliable_usage WHERE user_id = $1 AND counter = $2";

    private const int MostParameters = 9;

    private readonly SqliteCommand _command;

    public SqliteStatement(SqliteConnection connection, string text)
    {
        _command = connection.CreateCommand();
        _command.CommandText = text;
        int count = MostParameters;
        while (count > 0 && !text.Contains($"${count}", StringComparison.Ordinal))
            count--;
        for (int i = 1; i <= count; i++)
            _command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        _command.Prepare();
    }

    /// <summary>The highest number of a parameter in its text; a lower one that the text leaves out is ignored.</summary>
    public int ParameterCount => _command.Parameters.Count;

    /// <summary>Runs it, and says how many rows it changed.</summary>
    public int Execute(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    public SqliteDataReader Query(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteReader();
    }

    public void Dispose() => _command.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        for (int i = 0; i < values.Length; i++)
            _command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }
}
