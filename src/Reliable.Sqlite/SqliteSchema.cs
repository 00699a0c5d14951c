using Microsoft.Data.Sqlite;
using Reliable.Usage;

namespace Reliable.Sqlite;

/// <summary>The tables: a counter for each user, and the ledger of charges that makes counting one twice impossible.</summary>
internal static class SqliteSchema
{
    /// <summary>The script; running it again changes nothing.</summary>
    public const string Script = """
        CREATE TABLE IF NOT EXISTS reliable_usage (
          user_id TEXT NOT NULL,
          counter TEXT NOT NULL,
          used INTEGER NOT NULL DEFAULT 0 CHECK (used >= 0), -- counted on that day
          "limit" INTEGER CHECK ("limit" >= 0),              -- NULL: Usage:DefaultLimit applies
          day TEXT,                                          -- yyyy-MM-dd; NULL: nothing counted yet
          PRIMARY KEY (user_id, counter)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS reliable_charge (
          tx BLOB PRIMARY KEY,                               -- a UUIDv7 as 16 bytes: in the order of time
          user_id TEXT NOT NULL,
          counter TEXT NOT NULL,
          amount INTEGER NOT NULL CHECK (amount > 0),
          day TEXT NOT NULL,                                 -- the day on which it counts
          state INTEGER NOT NULL DEFAULT 1                   -- 1 counted, 2 taken back or blocked
        ) WITHOUT ROWID;
        """;

    private static readonly (string Table, string[] Columns)[] s_expected =
    [
        ("reliable_usage", ["user_id", "counter", "used", "limit", "day"]),
        ("reliable_charge", ["tx", "user_id", "counter", "amount", "day", "state"]),
    ];

    /// <summary>Creates or checks the tables. Several processes may do so at once.</summary>
    /// <exception cref="UsageStoreException">A table lacks a column, or the file cannot be written or cannot have a write-ahead log.</exception>
    public static void Prepare(SqliteConnection connection, SqliteFile file)
    {
        // A file that is only read takes every statement below, as long as there is nothing to create.
        if (SQLitePCL.raw.sqlite3_db_readonly(connection.Handle, "main") == 1)
            throw file.Refuse("it cannot be written. Give this process the right to write the file and its directory, and open it without 'Mode=ReadOnly'.");

        // Readers and the writer do not wait for each other, and a killed process loses nothing that was committed.
        string mode = (string)Query(connection, "PRAGMA journal_mode = WAL")[0]!;
        if (mode != "wal")
            throw file.Refuse($"its journal mode is '{mode}' and cannot be changed to 'wal'. Use a local file system.");

        using (SqliteTransaction transaction = connection.BeginTransaction(deferred: false))
        {
            using SqliteCommand command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = Script;
            command.ExecuteNonQuery();
            transaction.Commit();
        }

        foreach ((string table, string[] columns) in s_expected)
        {
            string[] found = [.. Query(connection, $"SELECT name FROM pragma_table_info('{table}')").OfType<string>()];
            if (Array.Find(columns, c => !found.Contains(c)) is { } missing)
                throw file.Refuse($"its table '{table}' has no column '{missing}'. It has: {string.Join(", ", found)}. Rename that table, or name another file.");
        }
    }

    private static List<object?> Query(SqliteConnection connection, string text)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        using SqliteDataReader reader = command.ExecuteReader();
        List<object?> values = [];
        while (reader.Read())
            values.Add(reader.GetValue(0));
        return values;
    }
}
