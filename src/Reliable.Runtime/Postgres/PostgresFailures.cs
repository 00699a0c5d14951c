using Npgsql;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>
/// What an exception means for the charges that were sent. <c>IsTransient</c> is no guide here: it is true for a commit whose reply was lost, and false for
/// a statement that the server certainly gave up. Whatever is not known to be otherwise is unknown: sending it again under the same ids is always safe.
/// </summary>
internal static class PostgresFailures
{
    private const string NotSentKey = "Reliable.NotSent";

    /// <summary>Remembers that an exception was thrown before anything was sent, which its type alone does not say.</summary>
    public static void MarkNotSent(Exception exception) => exception.Data[NotSentKey] = true;

    public static StoreFailure Classify(Exception exception)
    {
        if (Find<PostgresException>(exception) is { } error && exception is not OperationCanceledException)
            return OfSqlState(error.SqlState) is var failure && failure == StoreFailure.Unknown && WasNotSent(exception) ? StoreFailure.NotApplied : failure;
        return exception switch
        {
            _ when WasNotSent(exception) => StoreFailure.NotApplied,
            UsageStoreException or ArgumentException or NotSupportedException or InvalidCastException => StoreFailure.Permanent,
            _ => StoreFailure.Unknown,
        };
    }

    /// <summary>Whether the server is not, or no longer, the one that takes writes: new connections must find another.</summary>
    public static bool IsReadOnlyServer(Exception exception)
        => Find<PostgresException>(exception)?.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction;

    /// <summary>Whether the connection ended under a statement, rather than the server's patience or ours.</summary>
    public static bool IsBrokenConnection(NpgsqlException exception)
        => exception is PostgresException { SqlState: "57P01" or "57P02" or "57P05" } || exception.InnerException is IOException;

    private static bool WasNotSent(Exception exception) => exception.Data.Contains(NotSentKey);

    // An error of the server undoes the implicit transaction. Unknown are those that may strike between the commit and its reply.
    private static StoreFailure OfSqlState(string state) => state switch
    {
        "55P03" or "40P01" or "57014" => StoreFailure.Contended,
        "57P03" or "25006" or "40001" or "55006" => StoreFailure.NotApplied,
        "40003" or "57P01" or "57P02" or "57P05" => StoreFailure.Unknown,
        _ => state.AsSpan(0, Math.Min(2, state.Length)) switch
        {
            "53" or "25" or "26" or "55" => StoreFailure.NotApplied,

            // No connection was made: a password that was changed is corrected one day, and nothing is wrong with the charges.
            "28" or "3D" => StoreFailure.NotApplied,
            "0A" or "22" or "23" or "3F" or "42" or "44" or "54" or "P0" => StoreFailure.Permanent,
            _ => StoreFailure.Unknown,
        },
    };

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is T found)
                return found;
        }

        return null;
    }
}
