using Microsoft.Data.Sqlite;

namespace Reliable.Faults;

/// <summary>Counters and ledger of a SQLite file, looked at from outside.</summary>
internal static class SqliteTables
{
    public static Task<StoreState> ReadAsync(string file)
    {
        Dictionary<string, long> counters = [];
        Dictionary<Guid, LedgerRow> ledger = [];
        using SqliteConnection connection = Open(file);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = """
            SELECT user_id, used, NULL, NULL, NULL, NULL FROM reliable_usage
            UNION ALL
            SELECT l.user_id, 0, l.tx, l.amount, l.state = 1, l.day = u.day
            FROM reliable_charge l LEFT JOIN reliable_usage u ON u.user_id = l.user_id AND u.counter = l.counter
            """;
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (reader.IsDBNull(2))
                counters.Add(reader.GetString(0), reader.GetInt64(1));
            else
                ledger.Add(new Guid((byte[])reader[2], bigEndian: true), ReadLedgerRow(reader));
        }

        return Task.FromResult(new StoreState(counters, ledger));
    }

    private static LedgerRow ReadLedgerRow(SqliteDataReader reader)
        => new(reader.GetString(0), reader.GetInt32(3), reader.GetBoolean(4), !reader.IsDBNull(5) && reader.GetBoolean(5));

    public static object? Scalar(string file, string sql)
    {
        using SqliteConnection connection = Open(file);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>A connection of the test's own.</summary>
    public static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }
}
