namespace Reliable;

/// <summary>Settings for one method. What is <see langword="null"/> is taken from the method's attribute, then from the general section.</summary>
public sealed class MethodOptions
{
    private ResponseRules _switchedOn;
    private ResponseRules _switchedOff;

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
    public ResponseRules? Rules
    {
        get;
        set => (field, _switchedOn, _switchedOff) = (value, ResponseRules.None, ResponseRules.None);
    }

    /// <summary>Overrides <see cref="StreamingOptions.MaxHold"/>.</summary>
    public TimeSpan? MaxHold { get; set; }

    /// <summary>Overrides <see cref="StreamingOptions.MaxHeldUpdates"/>.</summary>
    public int? MaxHeldUpdates { get; set; }

    /// <summary>Overrides <see cref="StreamingOptions.OnHoldExceeded"/>.</summary>
    public HoldExceededAction? OnHoldExceeded { get; set; }

    /// <summary>Overrides <see cref="StreamingOptions.FirstUpdateTimeout"/>.</summary>
    public TimeSpan? FirstUpdateTimeout { get; set; }

    /// <summary>Overrides <see cref="StreamingOptions.IdleTimeout"/>.</summary>
    public TimeSpan? IdleTimeout { get; set; }

    /// <summary>Overrides <see cref="StreamingOptions.OnLateFailure"/>.</summary>
    public LateFailureAction? OnLateFailure { get; set; }

    /// <summary>Overrides <see cref="StreamingOptions.PassDuringHold"/>.</summary>
    public PassedUpdates? PassDuringHold { get; set; }

    /// <summary>Overrides <see cref="StreamingOptions.StatusUpdates"/>.</summary>
    public bool? StatusUpdates { get; set; }

    /// <summary>Sets one rule and leaves the others to <see cref="Rules"/>, or to what applies without it.</summary>
    internal void Switch(ResponseRules rule, bool on)
    {
        _switchedOn = on ? _switchedOn | rule : _switchedOn & ~rule;
        _switchedOff = on ? _switchedOff & ~rule : _switchedOff | rule;
    }

    /// <summary>The rules of the method.</summary>
    /// <param name="otherwise">What its attribute or the general section says.</param>
    internal ResponseRules RulesOver(ResponseRules otherwise) => ((Rules ?? otherwise) | _switchedOn) & ~_switchedOff;
}
