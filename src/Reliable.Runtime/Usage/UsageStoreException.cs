namespace Reliable.Usage;

/// <summary>A store cannot be used as it is configured: a table, a column or a permission is missing. The message says which, and what would create it.</summary>
public sealed class UsageStoreException : Exception
{
    /// <summary>Creates the exception.</summary>
    public UsageStoreException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public UsageStoreException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public UsageStoreException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The SQL script that would create what is missing, or <see langword="null"/> when a script cannot help.</summary>
    public string? Script { get; init; }
}
