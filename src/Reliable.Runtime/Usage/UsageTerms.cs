namespace Reliable.Usage;

/// <summary>What a store needs to know besides the charges.</summary>
/// <param name="DefaultLimit">The daily limit of users who have none of their own; <see langword="null"/> means unlimited.</param>
/// <param name="TimeZone">The IANA name of the zone in which the store's clock decides which day it is.</param>
public sealed record UsageTerms(long? DefaultLimit, string TimeZone)
{
    /// <summary>No default limit, days in UTC.</summary>
    public static UsageTerms Default { get; } = new(null, "UTC");

    /// <summary>
    /// Whether a charge above the limit is refused. <see langword="false"/> for charges whose answers have already left: those are counted in any case.
    /// </summary>
    public bool EnforceLimit { get; init; } = true;

    /// <summary>
    /// For charges that were first tried earlier: the day on which that was, never taken to be later than the store's today. A charge of a day that the
    /// counter has left behind goes to the ledger only. <see langword="null"/> for live charges.
    /// </summary>
    public DateOnly? Day { get; init; }

    /// <summary>
    /// Whether some of the charges may have been sent before. <see langword="false"/> says that they are new, as far as the caller knows: a store may count
    /// them without looking for them first, as long as one that is known all the same is not counted twice.
    /// </summary>
    public bool MayBeKnown { get; init; }

    /// <summary>
    /// Whether charges whose counter somebody else holds locked are left out at once, as <see cref="ChargeOutcome.Contended"/>, and the others counted.
    /// <see langword="false"/> says that the store may wait for the lock, and throw when it waits too long. Ignored by stores that lock no single counters.
    /// </summary>
    public bool SkipHeld { get; init; }
}
