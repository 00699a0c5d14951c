namespace Reliable;

/// <summary>
/// Repeats a model call that failed or whose answer was rejected, with a delay between attempts and an optional last resort.
/// </summary>
/// <remarks>
/// A property that is not set takes its value from the configuration section <c>Reliable:Retry</c>; a value under
/// <c>Reliable:Methods:&lt;Type&gt;.&lt;Method&gt;:Retry</c> overrides the attribute.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class RetryAttribute : Attribute
{
    internal int? MaxRetriesOrNull { get; private set; }

    internal bool? JitterOrNull { get; private set; }

    internal int? AttemptTimeoutMsOrNull { get; private set; }

    internal int? TotalTimeoutMsOrNull { get; private set; }

    /// <summary>
    /// How many times a failed attempt is repeated: 0 to 10, so that there are at most <c>1 + MaxRetries</c> attempts before the fallback.
    /// Default: <c>Reliable:Retry:MaxRetries</c> (3).
    /// </summary>
    public int MaxRetries
    {
        get => MaxRetriesOrNull ?? 3;
        set => MaxRetriesOrNull = value;
    }

    /// <summary>
    /// The delays before the second, third … attempt, in milliseconds; the last one is used again when there are fewer delays than retries.
    /// A server's Retry-After wins when it is longer. Default: <c>Reliable:Retry:Backoff</c> (1 s, 2 s, 4 s).
    /// </summary>
    public int[]? BackoffMs { get; set; }

    /// <summary>
    /// Whether each delay is varied by up to 25 % in either direction, so that clients that failed together do not return together.
    /// Default: <c>Reliable:Retry:Jitter</c> (<see langword="false"/>).
    /// </summary>
    public bool Jitter
    {
        get => JitterOrNull ?? false;
        set => JitterOrNull = value;
    }

    /// <summary>
    /// How long one attempt may take, in milliseconds; then its cancellation token is cancelled and the next attempt starts. 0 means no limit.
    /// Default: <c>Reliable:Retry:AttemptTimeout</c> (no limit).
    /// </summary>
    public int AttemptTimeoutMs
    {
        get => AttemptTimeoutMsOrNull ?? 0;
        set => AttemptTimeoutMsOrNull = value;
    }

    /// <summary>
    /// How long all attempts and the delays between them may take together, in milliseconds; then no further attempt is made. 0 means no limit.
    /// Default: <c>Reliable:Retry:TotalTimeout</c> (no limit).
    /// </summary>
    public int TotalTimeoutMs
    {
        get => TotalTimeoutMsOrNull ?? 0;
        set => TotalTimeoutMsOrNull = value;
    }

    /// <summary>
    /// The name of a method of the same class, with the parameters of the Core method, that is tried once, at once, after the last attempt failed.
    /// Ignored when <c>Reliable:Retry:EnableFallback</c> is <see langword="false"/>. Default: none.
    /// </summary>
    public string? Fallback { get; set; }
}
