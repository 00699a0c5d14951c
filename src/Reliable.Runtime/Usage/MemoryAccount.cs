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

    /// <summary>How much is used today. A counter that is a day ahead, because the clock was put back, is taken as it is; one further ahead is taken for wrong.</summary>
    public long UsedOn(DateOnly today)
    {
        long word = Volatile.Read(ref _word);
        return word >>> UsedBits == CountingDay(word, today.DayNumber) ? word & UsedMask : 0;
    }

    /// <summary>Sets the count, whatever it was.</summary>
    public void Set(DateOnly day, long used) => Volatile.Write(ref _word, ((long)day.DayNumber << UsedBits) | used);

    /// <summary>Whether the counter has left a day behind.</summary>
    public bool HasPassed(DateOnly day, DateOnly today)
    {
        long counted = Volatile.Read(ref _word) >>> UsedBits;
        return day.DayNumber < counted && !IsWrong(counted, today.DayNumber);
    }

    /// <summary>Adds an amount, unless that would pass the limit. The first of a new day starts from zero; a day never goes back.</summary>
    /// <param name="day">The day it counts on.</param>
    /// <param name="today">Today; the same day, but for a replay.</param>
    /// <param name="amount">The amount.</param>
    /// <param name="limit">The limit to enforce; <see langword="null"/> for none.</param>
    /// <param name="used">The count afterwards.</param>
    /// <param name="countedOn">The day it is the count of.</param>
    public bool TryAdd(DateOnly day, DateOnly today, int amount, long? limit, out long used, out DateOnly countedOn)
    {
        while (true)
        {
            // Racy read: a word that is stale by now fails the swap.
            long word = Volatile.Read(ref _word);
            long counted = word >>> UsedBits;
            long on = IsWrong(counted, today.DayNumber) ? day.DayNumber : Math.Max(counted, day.DayNumber);
            used = counted == on ? word & UsedMask : 0;
            countedOn = DateOnly.FromDayNumber((int)on);
            if (limit is { } most && used + amount > most)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _word, (on << UsedBits) | ((used + amount) & UsedMask), word) == word)
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

    private static long CountingDay(long word, int today) => Math.Max(today, IsWrong(word >>> UsedBits, today) ? today : word >>> UsedBits);

    private static bool IsWrong(long day, int today) => day >= today + 2;
}
