namespace Reliable.Transactions;

/// <summary>What a <see cref="FlawedSlot"/> does wrong.</summary>
public enum SlotFlaw
{
    /// <summary>Nothing: the checker must not object.</summary>
    None,

    /// <summary>It looks whether the transaction is open and then writes, where the store swaps.</summary>
    ChecksThenSets,

    /// <summary>Claims and rollbacks swap from whatever generation is there: a stale handle wins the slot's next transaction.</summary>
    IgnoresTheGeneration,

    /// <summary>Expiry takes a transaction whose charge is on its way.</summary>
    ExpiresCommitting,

    /// <summary>The slot is free again under the generation it had.</summary>
    KeepsTheGeneration,

    /// <summary>Expiry gives a reservation back before it knows whether it has won, and again after.</summary>
    GivesBackTwice,
}
