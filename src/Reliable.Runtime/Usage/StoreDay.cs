namespace Reliable.Usage;

/// <summary>What this process knows of the store's day, so that a charge that has to wait can be counted on the day it was first tried.</summary>
internal sealed class StoreDay
{
    private const long DayMs = 24 * 60 * 60 * 1000;

    private Known? _known;

    public void Learn(DateOnly day, long endsAtMs) => Volatile.Write(ref _known, new Known(day, endsAtMs));

    /// <summary>The store's day, by its last word and this process's monotonic clock; <see langword="null"/> before its first word.</summary>
    public DateOnly? At(long nowMs)
    {
        Known? known = Volatile.Read(ref _known);
        if (known is null)
        {
            return null;
        }

        return nowMs < known.EndsAtMs ? known.Day : known.Day.AddDays(1 + (int)((nowMs - known.EndsAtMs) / DayMs));
    }

    private sealed record Known(DateOnly Day, long EndsAtMs);
}
