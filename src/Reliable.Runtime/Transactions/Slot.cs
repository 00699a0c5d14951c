namespace Reliable.Transactions;

/// <summary>Everything of one transaction, 32 bytes.</summary>
internal struct Slot
{
    /// <summary>Generation and state, see <see cref="SlotWord"/>.</summary>
    public long Word;

    /// <summary>When it expires, on the store's monotonic clock.</summary>
    public long DeadlineMs;

    /// <summary>Where its amount is reserved, and where the amount goes back to when it ends without a charge.</summary>
    public Quota Quota;

    public int Amount;

    public int TimeToLiveMs;

    /// <summary>Expires an open transaction and gives its reservation back.</summary>
    /// <param name="active">The word, Active, as the caller read it with acquire.</param>
    /// <returns>Whether this caller did so.</returns>
    public bool TryExpire(long active)
    {
        // Read before the swap: whoever sees Expired may free the slot, and its next owner's reservation is not this one's to give back. The swap proves
        // that the word was Active all the while, so that this is what its owner wrote (invariant 7).
        Quota quota = Quota;
        int amount = Amount;
        long expired = SlotWord.Of(SlotWord.GenerationOf(active), TransactionState.Expired);
        if (Interlocked.CompareExchange(ref Word, expired, active) != active)
        {
            return false;
        }

        quota.Release(amount);
        return true;
    }

    /// <summary>Ends an expired transaction. Only the sweeper does, and there is one: nobody else can move this word.</summary>
    public void FreeExpired(long expired)
    {
        Quota = null!;
        Volatile.Write(ref Word, SlotWord.Of(SlotWord.GenerationOf(expired) + 1, TransactionState.Free));
    }
}
