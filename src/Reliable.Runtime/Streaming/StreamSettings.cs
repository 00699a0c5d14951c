namespace Reliable.Streaming;

/// <summary>How one method's streams are held back: configuration for the method, then the general section.</summary>
internal sealed record StreamSettings(
    TimeSpan MaxHold,
    int MaxHeldUpdates,
    HoldExceededAction OnHoldExceeded,
    TimeSpan FirstUpdateTimeout,
    TimeSpan IdleTimeout,
    LateFailureAction OnLateFailure,
    PassedUpdates PassDuringHold,
    bool StatusUpdates)
{
    public static StreamSettings Resolve(MethodOptions? method, StreamingOptions options)
        => new(
            method?.MaxHold ?? options.MaxHold,
            method?.MaxHeldUpdates ?? options.MaxHeldUpdates,
            method?.OnHoldExceeded ?? options.OnHoldExceeded,
            method?.FirstUpdateTimeout ?? options.FirstUpdateTimeout,
            method?.IdleTimeout ?? options.IdleTimeout,
            method?.OnLateFailure ?? options.OnLateFailure,
            method?.PassDuringHold ?? options.PassDuringHold,
            method?.StatusUpdates ?? options.StatusUpdates);
}
