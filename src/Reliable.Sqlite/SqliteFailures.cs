using Microsoft.Data.Sqlite;
using Reliable.Usage;
using SQLitePCL;

namespace Reliable.Sqlite;

/// <summary>What an exception means for the charges that were sent.</summary>
internal static class SqliteFailures
{
    public static StoreFailure Classify(Exception exception) => exception switch
    {
        // An error of the disk during a commit leaves open whether it happened; everything else is rolled back.
        SqliteException e => e.SqliteErrorCode switch
        {
            raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH or raw.SQLITE_RANGE => StoreFailure.Permanent,
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_READONLY or raw.SQLITE_FULL or raw.SQLITE_CANTOPEN or raw.SQLITE_NOMEM or raw.SQLITE_NOTADB
                or raw.SQLITE_PERM or raw.SQLITE_AUTH => StoreFailure.NotApplied,
            _ => StoreFailure.Unknown,
        },
        ArgumentException or NotSupportedException or InvalidCastException => StoreFailure.Permanent,
        UsageStoreException or ObjectDisposedException => StoreFailure.NotApplied,
        _ => StoreFailure.Unknown,
    };
}
