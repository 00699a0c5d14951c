namespace Reliable;

/// <summary>What a user interface can show while a call is retried. Reported before the wait, to an <see cref="IProgress{T}"/> parameter.</summary>
/// <param name="Attempt">The number of the attempt that comes next, from 2.</param>
/// <param name="MaxAttempts">How many attempts there may be, without the fallback.</param>
/// <param name="Wait">How long the call waits before that attempt.</param>
/// <param name="Reason">Why the attempt before failed, in words.</param>
/// <param name="IsFallback">Whether the attempt that comes next is the fallback.</param>
public sealed record RetryStatus(int Attempt, int MaxAttempts, TimeSpan Wait, string Reason, bool IsFallback = false)
{
    /// <summary>
    /// Whether a stream begins again after part of an answer was shown: that part belongs to a failed attempt and is to be discarded. Only with
    /// <c>Streaming:OnLateFailure = Restart</c>.
    /// </summary>
    public bool IsRestart { get; init; }
}
