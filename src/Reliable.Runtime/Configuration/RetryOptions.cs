namespace Reliable;

/// <summary>How often and when a failed attempt is repeated. An attribute on the method overrides single values.</summary>
public sealed class RetryOptions
{
    /// <summary>The delays used when <see cref="Backoff"/> is not set.</summary>
    internal static readonly TimeSpan[] DefaultBackoff = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    /// <summary>How many times a failed attempt is repeated, 0 to 10; more than 5 is warned about. Default: 3.</summary>
    public int MaxRetries { get; set; } = 3;

    /// <summary>
    /// The delays before the second, third … attempt; the last is used again when there are fewer than retries. A total above 10 s is warned about.
    /// Default: 1 s, 2 s, 4 s.
    /// </summary>
    public IList<TimeSpan> Backoff { get; set; } = [.. DefaultBackoff];

    /// <summary>Whether each delay is varied by up to 25 %. Default: <see langword="false"/>.</summary>
    public bool Jitter { get; set; }

    /// <summary>The longest delay that a server's Retry-After can ask for. Default: 30 s.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one attempt may take. Default: <see cref="TimeSpan.Zero"/>, no limit.</summary>
    public TimeSpan AttemptTimeout { get; set; }

    /// <summary>How long all attempts and delays may take together. Default: <see cref="TimeSpan.Zero"/>, no limit.</summary>
    public TimeSpan TotalTimeout { get; set; }

    /// <summary>Whether the methods' fallbacks are used. Default: <see langword="true"/>.</summary>
    public bool EnableFallback { get; set; } = true;

    /// <summary>
    /// The application's own answer to whether an exception is worth another attempt: <see langword="null"/> leaves the decision to the built-in rules.
    /// Not asked about the caller's own cancellation. Only settable in code. Default: none.
    /// </summary>
    public Func<Exception, bool?>? ShouldRetry { get; set; }
}
