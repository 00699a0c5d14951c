using Reliable.Configuration;

namespace Reliable;

/// <summary>How often and when a failed attempt is repeated. An attribute on the method overrides single values.</summary>
public sealed class RetryOptions
{
    private RetryDefaults _defaults = RetryDefaults.Production;
    private int? _maxRetries;
    private IList<TimeSpan>? _backoff;
    private bool _isBackoffSet;
    private bool? _enableFallback;

    /// <summary>
    /// How many times a failed attempt is repeated, 0 to 10; more than 5 is warned about. Default: 3, or what <see cref="ReliableOptions.Preset"/> says.
    /// </summary>
    public int MaxRetries
    {
        get => _maxRetries ?? _defaults.MaxRetries;
        set => _maxRetries = value;
    }

    /// <summary>
    /// The delays before the second, third … attempt; the last is used again when there are fewer than retries. A total above 10 s is warned about.
    /// Default: 1 s, 2 s, 4 s, or what <see cref="ReliableOptions.Preset"/> says.
    /// </summary>
    public IList<TimeSpan> Backoff
    {
        get => _backoff ??= [.. _defaults.Backoff];
        set => (_backoff, _isBackoffSet) = (value, true);
    }

    /// <summary>Whether each delay is varied by up to 25 %. Default: <see langword="false"/>.</summary>
    public bool Jitter { get; set; }

    /// <summary>The longest delay that a server's Retry-After can ask for. Default: 30 s.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one attempt may take. Default: <see cref="TimeSpan.Zero"/>, no limit.</summary>
    public TimeSpan AttemptTimeout { get; set; }

    /// <summary>How long all attempts and delays may take together. Default: <see cref="TimeSpan.Zero"/>, no limit.</summary>
    public TimeSpan TotalTimeout { get; set; }

    /// <summary>
    /// Whether the methods' fallbacks are used. Default: <see langword="true"/>, or what <see cref="ReliableOptions.Preset"/> says.
    /// </summary>
    public bool EnableFallback
    {
        get => _enableFallback ?? _defaults.EnableFallback;
        set => _enableFallback = value;
    }

    /// <summary>
    /// The application's own answer to whether an exception is worth another attempt: <see langword="null"/> leaves the decision to the built-in rules.
    /// Not asked about the caller's own cancellation. Only settable in code. Default: none.
    /// </summary>
    public Func<Exception, bool?>? ShouldRetry { get; set; }

    /// <summary>Replaces what applies where nothing is set; what is set stays, whether that was before or comes after.</summary>
    internal void Use(RetryDefaults defaults)
    {
        // Delays that were only looked at are still those of the defaults before; delays that were changed in place are the application's own.
        if (!_isBackoffSet && _backoff is not null && _backoff.SequenceEqual(_defaults.Backoff))
        {
            _backoff = null;
        }

        _defaults = defaults;
    }
}
