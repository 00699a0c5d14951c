namespace Reliable;

/// <summary>How streamed answers are held back until they are proved valid, and what happens to those that fail.</summary>
public sealed class StreamingOptions
{
    /// <summary>
    /// The longest time updates are held back, counted from the first of them; then <see cref="OnHoldExceeded"/> decides. Zero holds nothing back, so that
    /// nothing of an answer can be retried once its first update has come. Default: 10 s.
    /// </summary>
    public TimeSpan MaxHold { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The most updates that are held back, 1 to 100,000; then <see cref="OnHoldExceeded"/> decides. Default: 1,024.</summary>
    public int MaxHeldUpdates { get; set; } = 1_024;

    /// <summary>What happens when an answer has not proved itself within the limits of the hold. Default: <see cref="HoldExceededAction.Release"/>.</summary>
    public HoldExceededAction OnHoldExceeded { get; set; } = HoldExceededAction.Release;

    /// <summary>How long the model may take to its first update; longer is a failed attempt. Zero is no limit. Default: 1 min.</summary>
    public TimeSpan FirstUpdateTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long the model may be silent between two updates; longer is a failed attempt, or a late failure when part of the answer was shown. The reader's
    /// own time does not count. Zero is no limit. Default: 30 s.
    /// </summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What happens when an answer fails after part of it was shown. Default: <see cref="LateFailureAction.Throw"/>.</summary>
    public LateFailureAction OnLateFailure { get; set; } = LateFailureAction.Throw;

    /// <summary>
    /// Which updates without answer text are passed on at once while others are held back. They may belong to an attempt that fails; with
    /// <see cref="PassedUpdates.None"/> the reader sees nothing of such an attempt. Default: <see cref="PassedUpdates.Reasoning"/> and <see cref="PassedUpdates.Usage"/>.
    /// </summary>
    public PassedUpdates PassDuringHold { get; set; } = PassedUpdates.Reasoning | PassedUpdates.Usage;

    /// <summary>
    /// Whether the reader is told of retries within the stream: by chat updates without contents that carry a <see cref="RetryStatus"/>, see
    /// <see cref="ChatResponseUpdateExtensions.GetRetryStatus"/>. Ignored for <see cref="string"/>, which has no room for it. Default: <see langword="false"/>.
    /// </summary>
    public bool StatusUpdates { get; set; }
}
