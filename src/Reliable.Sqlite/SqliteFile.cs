using Microsoft.Data.Sqlite;
using Reliable.Usage;
using SQLitePCL;

namespace Reliable.Sqlite;

/// <summary>The file the counters are in: where it is, how it is opened, and what its errors mean to an operator.</summary>
internal sealed class SqliteFile
{
    private readonly SqliteConnectionStringBuilder _settings;
    private readonly int _busyTimeoutMs;

    private const int DefaultBusyTimeoutMs = 5000;

    static SqliteFile() => Batteries_V2.Init();

    /// <exception cref="ArgumentException">The path is empty, or the connection string cannot be read or is of a database in memory.</exception>
    public SqliteFile(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new ArgumentException("The path given to UseSqlite is empty. Expected is a path such as 'usage.db', or 'Data Source=usage.db'.", nameof(path));
        _settings = Parse(path);
        if (string.IsNullOrWhiteSpace(_settings.DataSource))
            throw new ArgumentException("The connection string given to UseSqlite names no file. Expected is 'Data Source=usage.db'.", nameof(path));
        if (_settings.Mode == SqliteOpenMode.Memory || _settings.DataSource.StartsWith(":memory:", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException("UseSqlite keeps counters in a file. Call UseInMemory to keep them in memory.", nameof(path));

        // Connections live as long as the store; a pool would keep the file open after it.
        _settings.Pooling = false;
        _settings.Cache = SqliteCacheMode.Private;

        // SQLite itself waits for a busy file, with short pauses; the provider's own retries, which have long ones, end at once.
        _busyTimeoutMs = _settings.ShouldSerialize("Default Timeout") ? _settings.DefaultTimeout * 1000 : DefaultBusyTimeoutMs;
        _settings.DefaultTimeout = 1;
    }

    /// <summary>Opens a connection on which commits are durable, and which waits for other users of the file.</summary>
    /// <exception cref="UsageStoreException">The directory cannot be created.</exception>
    public SqliteConnection Open()
    {
        CreateDirectory();
        var connection = new SqliteConnection(_settings.ConnectionString);
        try
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = $"PRAGMA busy_timeout = {_busyTimeoutMs}; PRAGMA synchronous = FULL;";
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>What an error of SQLite on start means.</summary>
    public UsageStoreException Explain(SqliteException error)
    {
        string reason = error.SqliteErrorCode switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "is locked by another program. End that program, or let it finish its transaction.",
            raw.SQLITE_READONLY or raw.SQLITE_PERM => "cannot be written. Give this process the right to write the file and its directory, and open it without 'Mode=ReadOnly'.",
            raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT => "is not a SQLite database, or is damaged. Restore it from a backup, or name another path.",
            raw.SQLITE_CANTOPEN => "cannot be opened. Check that the path is right and that this process may write the file and its directory.",
            raw.SQLITE_FULL => "cannot grow: the disk is full.",
            _ => "cannot be used.",
        };
        return new UsageStoreException($"The SQLite file '{_settings.DataSource}' {reason} SQLite says: {error.Message}", error);
    }

    /// <summary>What is wrong with the tables that are there.</summary>
    public UsageStoreException Refuse(string what) => new($"The SQLite file '{_settings.DataSource}' cannot be used: {what}") { Script = SqliteSchema.Script };

    // A path may have an equals sign in it; a connection string begins with a keyword.
    private static SqliteConnectionStringBuilder Parse(string path)
    {
        string[] keywords = ["Data Source=", "DataSource=", "Filename=", "Mode=", "Cache=", "Password=", "Default Timeout=", "Pooling="];
        if (!keywords.Any(k => path.TrimStart().StartsWith(k, StringComparison.OrdinalIgnoreCase)))
            return new SqliteConnectionStringBuilder { DataSource = path };
        try
        {
            return new SqliteConnectionStringBuilder(path);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // Without the inner exception: it may repeat a part of a password.
            throw new ArgumentException("The connection string given to UseSqlite cannot be read. Expected is 'Data Source=usage.db'.", nameof(path));
        }
    }

    private void CreateDirectory()
    {
        string file = _settings.DataSource;
        if (_settings.Mode != SqliteOpenMode.ReadWriteCreate || file.StartsWith("file:", StringComparison.OrdinalIgnoreCase) || file.StartsWith('|'))
            return;
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { Length: > 0 } directory)
                Directory.CreateDirectory(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new UsageStoreException($"The directory of the SQLite file '{file}' cannot be created: {e.Message}", e);
        }
    }
}
