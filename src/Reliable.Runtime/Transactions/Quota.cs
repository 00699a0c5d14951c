using System.Diagnostics;

namespace Reliable.Transactions;

/// <summary>
/// What this process knows of one user's counter: how much is used by the store's last word, how much its own open transactions have reserved on top.
/// </summary>
/// <remarks>
/// <para>Invariants:</para>
/// <para>1. Used and reserved are the two halves of one 64-bit word and change together, by compare-and-swap or one atomic addition: nobody can see an amount
/// in neither or in both. Two words would let a commit move an amount between the two reads of a check, and the limit would be passed.</para>
/// <para>2. A reservation is only made in the same compare-and-swap that saw it fit under the limit.</para>
/// <para>3. A retired entry stays retired, and has no reservations: nobody can hold on to an entry that the table has forgotten.</para>
/// <para>4. A reading from the store replaces the used half only if the word did not change since before the reading was asked for, and no charge of this
/// entry was on its way: otherwise the reading may miss or repeat a charge that is known here. Before the first word of the store it is raised to it even then:
/// a replay may be on its way before anything is known.</para>
/// </remarks>
internal sealed class Quota(string userId, string counter)
{
    private const uint Retired = uint.MaxValue;
    private const long Unlimited = -1;

    private long _word;
    private long _limit = Unlimited;
    private long _freshUntil = long.MinValue;
    private int _inFlight;
    private bool _isInformed;

    public string UserId { get; } = userId;

    public string Counter { get; } = counter;

    /// <summary>The store's last word on limit, day and reset; <see langword="null"/> before the first reading.</summary>
    public QuotaTerms? Terms { get; private set; }

    /// <summary>Whatever an in-process store keeps for this counter, so that it is looked up once.</summary>
    public object? Account { get; set; }

    /// <summary>The used half and the reserved half at one moment.</summary>
    public (long Used, long Reserved) Read()
    {
        long word = Volatile.Read(ref _word);
        return (UsedOf(word), ReservedOf(word) == Retired ? 0 : ReservedOf(word));
    }

    /// <summary>The limit; <see langword="null"/> when there is none.</summary>
    public long? Limit => Volatile.Read(ref _limit) is var limit && limit == Unlimited ? null : limit;

    /// <summary>Whether the store's word is recent enough to decide by.</summary>
    public bool IsFresh(long nowMs) => nowMs < Volatile.Read(ref _freshUntil);

    public ReserveOutcome TryReserve(int amount)
    {
        Debug.Assert(amount > 0, "An amount is at least 1.");
        while (true)
        {
            // Racy read: a stale word fails the compare-and-swap below (invariant 2).
            long word = Volatile.Read(ref _word);
            if (ReservedOf(word) == Retired)
            {
                return ReserveOutcome.Retired;
            }

            long limit = Volatile.Read(ref _limit);
            long claimed = (long)UsedOf(word) + ReservedOf(word) + amount;
            if ((limit != Unlimited && claimed > limit) || (long)ReservedOf(word) + amount >= Retired)
            {
                return ReserveOutcome.Denied;
            }

            if (Interlocked.CompareExchange(ref _word, word + amount, word) == word)
            {
                return ReserveOutcome.Reserved;
            }
        }
    }

    /// <summary>Gives a reservation back.</summary>
    /// <remarks>The reserved half holds the amount (invariant 1), so the subtraction never borrows from the used half.</remarks>
    public void Release(int amount) => Interlocked.Add(ref _word, -amount);

    /// <summary>Moves a reservation to the used half, where the store keeps pace with this process by itself.</summary>
    /// <remarks>A swap rather than an addition: the used half stays full when it is, and never runs over into a count of nothing.</remarks>
    public void CountOne(int amount)
    {
        while (true)
        {
            long word = Volatile.Read(ref _word);
            if (Interlocked.CompareExchange(ref _word, Pack((long)UsedOf(word) + amount, ReservedOf(word) - (uint)amount), word) == word)
            {
                return;
            }
        }
    }

    /// <summary>A charge of this entry is on its way to the store.</summary>
    public void Depart() => Interlocked.Increment(ref _inFlight);

    /// <summary>The store answered a charge: the reservation ends, and the store's word on the counter is taken. Replies come in the store's order.</summary>
    public void Arrive(int amount, long used, long? limit, long freshUntilMs)
    {
        Volatile.Write(ref _limit, limit ?? Unlimited);
        while (true)
        {
            long word = Volatile.Read(ref _word);
            if (Interlocked.CompareExchange(ref _word, Pack(used, ReservedOf(word) - (uint)amount), word) == word)
            {
                break;
            }
        }

        Volatile.Write(ref _isInformed, true);
        Extend(freshUntilMs);
        Interlocked.Decrement(ref _inFlight);
    }

    /// <summary>Takes a reservation whatever the limit: the answer it is for has left. Only a retired entry refuses (invariant 3).</summary>
    public ReserveOutcome ReserveAgain(int amount)
    {
        while (true)
        {
            long word = Volatile.Read(ref _word);
            if (ReservedOf(word) == Retired)
            {
                return ReserveOutcome.Retired;
            }

            if (Interlocked.CompareExchange(ref _word, word + amount, word) == word)
            {
                return ReserveOutcome.Reserved;
            }
        }
    }

    /// <summary>A charge went to the journal or was given up without a word from the store: the reservation counts as used until the store says otherwise.</summary>
    public void ArriveUnknown(int amount)
    {
        CountOne(amount);
        Interlocked.Decrement(ref _inFlight);
    }

    /// <summary>A charge was not sent after all: its reservation ends.</summary>
    public void ArriveUnsent(int amount)
    {
        Release(amount);
        Interlocked.Decrement(ref _inFlight);
    }

    /// <summary>What <see cref="TryRefresh"/> compares with: taken before the store is asked.</summary>
    public QuotaMark Mark() => new(Volatile.Read(ref _word), Volatile.Read(ref _inFlight));

    /// <summary>Takes the store's word on the counter, if nothing happened here since <paramref name="mark"/> (invariant 4). Limit and day are taken in any case.</summary>
    /// <param name="mark">The state before the store was asked.</param>
    /// <param name="used">The used amount that was read.</param>
    /// <param name="terms">The limit and day that were read.</param>
    /// <param name="freshUntilMs">Until when that may be relied upon.</param>
    /// <param name="force">Whether the day has changed, so that the old count is certainly wrong: then too much is better than yesterday's.</param>
    public bool TryRefresh(QuotaMark mark, long used, QuotaTerms terms, long freshUntilMs, bool force)
    {
        Terms = terms;
        Volatile.Write(ref _limit, terms.Limit ?? Unlimited);
        if (!force && (mark.InFlight != 0 || Volatile.Read(ref _inFlight) != 0))
        {
            InformOf(used);
            return false;
        }

        long word = mark.Word;
        while (Interlocked.CompareExchange(ref _word, Pack(used, ReservedOf(word)), word) is var seen && seen != word)
        {
            if (!force || ReservedOf(seen) == Retired)
            {
                InformOf(used);
                return false;
            }

            word = seen;
        }

        Volatile.Write(ref _isInformed, true);
        Volatile.Write(ref _freshUntil, freshUntilMs);
        return true;
    }

    /// <summary>Decides by what is known for a while, because the store cannot be asked: by the default limit, when nothing is known at all.</summary>
    public void GoOn(long? defaultLimit, long untilMs)
    {
        if (Terms is null)
        {
            Terms = new QuotaTerms(true, defaultLimit, default, default, long.MaxValue);
            Volatile.Write(ref _limit, defaultLimit ?? Unlimited);
        }

        Volatile.Write(ref _freshUntil, untilMs);
    }

    /// <summary>Makes the next call ask the store.</summary>
    public void Invalidate() => Volatile.Write(ref _freshUntil, long.MinValue);

    /// <summary>Ends the entry, if nothing is reserved, nothing is on its way, and nobody asked for it lately.</summary>
    public bool TryRetire(long staleSinceMs)
    {
        long word = Volatile.Read(ref _word);
        return ReservedOf(word) == 0
            && Volatile.Read(ref _inFlight) == 0
            && Volatile.Read(ref _freshUntil) < staleSinceMs
            && Interlocked.CompareExchange(ref _word, Pack(UsedOf(word), Retired), word) == word;
    }

    // Nothing was known until now, not even that there is a count: a charge that is on its way may be in it and reserved as well, and too much is better than
    // nothing. The reply to that charge brings the exact count.
    private void InformOf(long used)
    {
        while (!Volatile.Read(ref _isInformed))
        {
            long word = Volatile.Read(ref _word);
            if (UsedOf(word) >= used || Interlocked.CompareExchange(ref _word, Pack(used, ReservedOf(word)), word) == word)
            {
                Volatile.Write(ref _isInformed, true);
            }
        }
    }

    private void Extend(long freshUntilMs)
    {
        // Never past the reset: what is known of yesterday says nothing about today.
        if (Terms is { } terms)
        {
            Volatile.Write(ref _freshUntil, Math.Min(freshUntilMs, terms.ResetsAtMs));
        }
    }

    private static uint UsedOf(long word) => (uint)(word >>> 32);

    private static uint ReservedOf(long word) => (uint)word;

    // A counter beyond 4,294,967,295 in one day is taken for that number.
    private static long Pack(long used, uint reserved) => (Math.Clamp(used, 0, uint.MaxValue) << 32) | reserved;
}
