using Microsoft.Extensions.DependencyInjection;
using Reliable.Sqlite;

namespace Reliable;

/// <summary>Adds the SQLite store.</summary>
public static class SqliteReliableBuilderExtensions
{
    /// <summary>Keeps counters in a SQLite file. The clock is the <see cref="TimeProvider"/> of the services, the system's when there is none.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">The path of the file, or a connection string such as <c>Data Source=usage.db</c>. Missing directories are created.</param>
    /// <exception cref="ArgumentException">The path is empty, or the connection string cannot be read or is of a database in memory.</exception>
    public static ReliableBuilder UseSqlite(this ReliableBuilder builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        _ = new SqliteFile(path);
        return builder.UseStore(services => new SqliteUsageStore(path, services.GetService<TimeProvider>()));
    }
}
