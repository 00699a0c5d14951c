namespace Reliable;

/// <summary>A user's counter at one moment.</summary>
/// <param name="Used">How much is counted today.</param>
/// <param name="Reserved">How much calls of this process that are under way have reserved.</param>
/// <param name="Limit">The most that may be used in a day, or <see langword="null"/> when there is no limit.</param>
/// <param name="ResetsAt">When the next day begins, by the database's clock and in <c>Usage:ResetTimeZone</c>.</param>
/// <param name="DeniedReason">Why another call would be denied now, or <see langword="null"/> when it would be allowed.</param>
public sealed record UsageSnapshot(long Used, long Reserved, long? Limit, DateTimeOffset ResetsAt, string? DeniedReason = null)
{
    /// <summary>Whether another call would be allowed now.</summary>
    public bool Allowed => DeniedReason is null;

    /// <summary>How much is left: never below zero, and <see langword="null"/> when there is no limit.</summary>
    public long? Remaining => Limit is { } limit ? Math.Max(0, limit - Used - Reserved) : null;
}
