using Reliable.Usage;

namespace Reliable.Simulation;

/// <summary>What the database's ledger has of a charge.</summary>
internal sealed class LedgerEntry(Charge charge, DateOnly day)
{
    public Charge Charge { get; } = charge;

    public DateOnly Day { get; } = day;

    public bool IsRefunded { get; set; }

    /// <summary>How often it was counted.</summary>
    public int Times { get; init; }
}
