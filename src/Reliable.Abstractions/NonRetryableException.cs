namespace Reliable;

/// <summary>Thrown by a model call to say that no further attempt is to be made. It reaches the caller unchanged, and nothing is charged.</summary>
public class NonRetryableException : Exception
{
    /// <summary>Creates the exception.</summary>
    public NonRetryableException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public NonRetryableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public NonRetryableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
