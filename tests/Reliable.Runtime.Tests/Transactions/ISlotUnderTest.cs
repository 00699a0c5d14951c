namespace Reliable.Transactions;

/// <summary>One slot and its edges. A transaction of it is named by the generation it began with.</summary>
internal interface ISlotUnderTest
{
    /// <summary>Where the transactions' amounts of one are reserved.</summary>
    Quota Quota { get; }

    /// <returns>The generation; -1 when the slot is not free.</returns>
    long Begin();

    SlotAnswer Claim(long generation, bool isLate);

    SlotAnswer Rollback(long generation);

    SlotAnswer Sweep();

    void Release(long generation);

    /// <summary>Time goes on, and whatever has expired is freed. Nobody else is there.</summary>
    void Settle();
}
