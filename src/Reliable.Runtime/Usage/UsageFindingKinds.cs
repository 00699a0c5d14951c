namespace Reliable;

/// <summary>What an audit can find. A finding has one of these; options combine them.</summary>
[Flags]
public enum UsageFindingKinds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A counter of today is not the sum of what the ledger has for today.</summary>
    CounterDiffers = 1,

    /// <summary>A counter or a limit is below zero. In a mapped table such a counter is taken for 0, such a limit for none.</summary>
    Negative = 2,

    /// <summary>A counter or a limit is no whole number, such as <c>abc</c> in a column of text. Such a counter is taken for 0, such a limit for none.</summary>
    Unreadable = 4,

    /// <summary>
    /// A counter of today is above its limit: the limit was lowered since, or charges were counted whose answers had already left. A fact, not a mistake; it
    /// cannot be repaired.
    /// </summary>
    AboveLimit = 8,

    /// <summary>The ledger has charges of a user who does not exist any more. Repaired, that is deleted, only when it is asked for by name.</summary>
    Orphaned = 16,

    /// <summary>Something is there twice under one key, which only happens where the table lost its primary key, or a restore went wrong.</summary>
    Duplicate = 32,

    /// <summary>The day of a counter or of a charge is ahead of the store's today.</summary>
    WrongDay = 64,

    /// <summary>What a repair does without being asked for more: everything but <see cref="AboveLimit"/> and <see cref="Orphaned"/>.</summary>
    Repairable = CounterDiffers | Negative | Unreadable | Duplicate | WrongDay,

    /// <summary>All of them.</summary>
    All = Repairable | AboveLimit | Orphaned,
}
