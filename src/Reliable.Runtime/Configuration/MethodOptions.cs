namespace Reliable;

/// <summary>Settings for one method. What is <see langword="null"/> is taken from the method's attribute, then from the general section.</summary>
public sealed class MethodOptions
{
    /// <summary>Overrides <see cref="RetryOptions.MaxRetries"/>.</summary>
    public int? MaxRetries { get; set; }

    /// <summary>Overrides <see cref="RetryOptions.Backoff"/>.</summary>
    public IList<TimeSpan>? Backoff { get; set; }

    /// <summary>Overrides <see cref="RetryOptions.Jitter"/>.</summary>
    public bool? Jitter { get; set; }

    /// <summary>Overrides <see cref="RetryOptions.AttemptTimeout"/>.</summary>
    public TimeSpan? AttemptTimeout { get; set; }

    /// <summary>Overrides <see cref="RetryOptions.TotalTimeout"/>.</summary>
    public TimeSpan? TotalTimeout { get; set; }

    /// <summary>Overrides <see cref="RetryOptions.EnableFallback"/>.</summary>
    public bool? EnableFallback { get; set; }

    /// <summary>Overrides <see cref="ValidationOptions.MinLength"/>.</summary>
    public int? MinLength { get; set; }

    /// <summary>Overrides <see cref="ValidationOptions.MinFollowUpLength"/>.</summary>
    public int? MinFollowUpLength { get; set; }

    /// <summary>Overrides <see cref="ValidationOptions.Rules"/>.</summary>
    public ResponseRules? Rules { get; set; }
}
