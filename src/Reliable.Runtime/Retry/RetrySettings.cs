namespace Reliable.Retry;

/// <summary>How one method is retried: configuration for the method, then its attribute, then the general section.</summary>
internal sealed record RetrySettings(
    int MaxRetries,
    TimeSpan[] Backoff,
    bool Jitter,
    TimeSpan MaxDelay,
    TimeSpan AttemptTimeout,
    TimeSpan TotalTimeout,
    bool EnableFallback,
    Func<Exception, bool?>? ShouldRetry)
{
    /// <summary>One attempt and nothing else.</summary>
    public static RetrySettings None { get; } = new(0, [TimeSpan.Zero], false, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, false, null);

    public int MaxAttempts => MaxRetries + 1;

    public static RetrySettings Resolve(RetryAttribute attribute, MethodOptions? method, RetryOptions options)
        => new(
            method?.MaxRetries ?? attribute.MaxRetriesOrNull ?? options.MaxRetries,
            [.. method?.Backoff ?? FromMs(attribute.BackoffMs) ?? options.Backoff],
            method?.Jitter ?? attribute.JitterOrNull ?? options.Jitter,
            options.MaxDelay,
            method?.AttemptTimeout ?? FromMs(attribute.AttemptTimeoutMsOrNull) ?? options.AttemptTimeout,
            method?.TotalTimeout ?? FromMs(attribute.TotalTimeoutMsOrNull) ?? options.TotalTimeout,
            method?.EnableFallback ?? options.EnableFallback,
            options.ShouldRetry);

    /// <summary>The delay before the next attempt.</summary>
    /// <param name="retry">Which retry it is, from 0.</param>
    /// <param name="retryAfter">What the server asked for, or <see langword="null"/>.</param>
    /// <param name="random">A number from 0 to 1.</param>
    public TimeSpan DelayBefore(int retry, TimeSpan? retryAfter, double random)
    {
        TimeSpan delay = Backoff[Math.Min(retry, Backoff.Length - 1)];
        if (Jitter)
        {
            delay *= 0.75 + (random * 0.5);
        }

        TimeSpan asked = retryAfter is { } wait ? (wait < MaxDelay ? wait : MaxDelay) : TimeSpan.Zero;
        return asked > delay ? asked : delay;
    }

    private static IList<TimeSpan>? FromMs(int[]? delays) => delays is { Length: > 0 } ? [.. delays.Select(ms => TimeSpan.FromMilliseconds(ms))] : null;

    private static TimeSpan? FromMs(int? ms) => ms is { } value ? TimeSpan.FromMilliseconds(value) : null;
}
