namespace Reliable.Transactions;

/// <summary>Everything of one transaction, 32 bytes: beginning and ending it touch one cache line.</summary>
internal struct Slot
{
    /// <summary>Generation and state.</summary>
    public long Word;

    /// <summary>When it expires, on the store's monotonic clock.</summary>
    public long DeadlineMs;

    /// <summary>Where its amount is reserved, and where the amount goes back to when it ends without a charge.</summary>
    public Quota Quota;

    public int Amount;

    public int TimeToLiveMs;
}
