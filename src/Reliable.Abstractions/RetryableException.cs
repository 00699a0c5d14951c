namespace Reliable;

/// <summary>Thrown by a model call to say that another attempt is worth making, whatever caused the failure.</summary>
public class RetryableException : Exception
{
    /// <summary>Creates the exception.</summary>
    public RetryableException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public RetryableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public RetryableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception with the least time to wait before the next attempt.</summary>
    public RetryableException(string message, TimeSpan retryAfter, Exception? innerException = null)
        : base(message, innerException) => RetryAfter = retryAfter;

    /// <summary>
    /// The least time to wait before the next attempt, as a server's Retry-After header gives it; it wins over a shorter backoff, up to
    /// <c>Reliable:Retry:MaxDelay</c>. <see langword="null"/> when unknown.
    /// </summary>
    public TimeSpan? RetryAfter { get; }
}
