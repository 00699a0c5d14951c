namespace Reliable;

/// <summary>What an audit looked at and found.</summary>
/// <param name="Day">The store's today, on which counters were compared.</param>
/// <param name="Counters">How many counters it looked at: one for each user and counter.</param>
/// <param name="Charges">How many charges of the ledger it looked at, of all days.</param>
/// <param name="Findings">What it found.</param>
/// <param name="IsComplete"><see langword="false"/> when there is more than <see cref="UsageAuditOptions.MaxFindings"/>.</param>
/// <param name="Notes">What the audit could not look at, and what is worth knowing about the findings; in sentences.</param>
public sealed record UsageAuditReport(
    DateOnly Day, long Counters, long Charges, IReadOnlyList<UsageFinding> Findings, bool IsComplete, IReadOnlyList<string> Notes)
{
    /// <summary>Whether nothing was found.</summary>
    public bool IsClean => Findings.Count == 0;
}
