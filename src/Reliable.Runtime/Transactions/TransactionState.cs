namespace Reliable.Transactions;

/// <summary>The state of a slot: the low three bits of its word, under 61 bits of generation.</summary>
internal enum TransactionState
{
    /// <summary>Nobody's. May become Opening, by whoever wins the slot.</summary>
    Free = 0,

    /// <summary>Won, and being filled in by its winner; nobody else may touch it. Becomes Active.</summary>
    Opening = 1,

    /// <summary>Open. May become Committing, RolledBack or Expired: exactly one of them wins.</summary>
    Active = 2,

    /// <summary>Its charge is on its way; expiry and rollback cannot touch it. Becomes Free when the outcome is known or journaled.</summary>
    Committing = 3,

    /// <summary>Rolled back; its winner gives the reservation back and makes it Free.</summary>
    RolledBack = 4,

    /// <summary>Expired, its reservation given back; kept until the next pass so that a late commit is told so. Becomes Free.</summary>
    Expired = 5,
}
