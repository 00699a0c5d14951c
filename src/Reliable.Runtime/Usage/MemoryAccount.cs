namespace Reliable.Usage;

/// <summary>One counter of the memory store: the day it was last counted on and how much, in one word that changes by compare-and-swap.</summary>
internal sealed class MemoryAccount
{
    private const int UsedBits = 42;
    private const long UsedMask = (1L << UsedBits) - 1;
    private const long NoLimit = -1;

    private long _word; // day number << 42 | used
    private long _limit = NoLimit;

    /// <summary>The user's own limit.</summary>
    public long? Limit
    {
        get => Volatile.Read(ref _limit) is >= 0 and var limit ? limit : null;
        set => Volatile.Write(ref _limit, value ?? NoLimit);
    }

    public DateOnly Day => DateOnly.FromDayNumber((int)(Volatile.Read(ref _word) >>> UsedBits));

    public long UsedOn(DateOnly day)
    {
        long word = Volatile.Read(ref _word);
        return word >>> UsedBits == day.DayNumber ? word & UsedMask : 0;
    }

    /// <summary>Adds an amount on a day that is not before the last one, unless that would pass the limit.</summary>
    /// <param name="day">The day; a later one than the last starts from zero.</param>
    /// <param name="amount">The amount.</param>
    /// <param name="limit">The limit to enforce; <see langword="null"/> for none.</param>
    /// <param name="used">The day's count afterwards.</param>
    public bool TryAdd(DateOnly day, int amount, long? limit, out long used)
    {
        while (true)
        {
            // Racy read: a word that is stale by now fails the swap.
            long word = Volatile.Read(ref _word);
            used = word >>> UsedBits == day.DayNumber ? word & UsedMask : 0;
            if (limit is { } most && used + amount > most)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _word, ((long)day.DayNumber << UsedBits) | ((used + amount) & UsedMask), word) == word)
            {
                used += amount;
                return true;
            }
        }
    }

    /// <summary>Takes an amount off, if the count is still that day's; never below zero.</summary>
    public void Subtract(DateOnly day, int amount)
    {
        while (true)
        {
            long word = Volatile.Read(ref _word);
            if (word >>> UsedBits != day.DayNumber)
            {
                return;
            }

            long used = Math.Max(0, (word & UsedMask) - amount);
            if (Interlocked.CompareExchange(ref _word, (word & ~UsedMask) | used, word) == word)
            {
                return;
            }
        }
    }
}
