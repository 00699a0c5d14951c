namespace Reliable;

/// <summary>
/// A call was refused before the model was asked, because its charge could not be kept safe: too many charges wait for the database, or the local journal cannot
/// be written. Nothing was charged; the call can be made again later.
/// </summary>
public sealed class UsageUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    public UsageUnavailableException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public UsageUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public UsageUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
