namespace Reliable;

/// <summary>What a finding or a change is about.</summary>
public enum UsageFindingSubject
{
    /// <summary>How much a counter says is used.</summary>
    Used,

    /// <summary>A user's own limit.</summary>
    Limit,

    /// <summary>The day a counter belongs to.</summary>
    Day,

    /// <summary>The row of a counter as a whole.</summary>
    Row,

    /// <summary>Charges in the ledger.</summary>
    Charge,
}
