namespace Reliable;

/// <summary>What a repair changed, or would change.</summary>
/// <param name="Day">The store's today.</param>
/// <param name="IsPreview">Whether nothing was changed.</param>
/// <param name="Changes">What was changed, or would be; empty when there is nothing to repair.</param>
/// <param name="IsComplete"><see langword="false"/> when there is more to repair than <see cref="UsageRepairOptions.MaxFindings"/>: repair again.</param>
/// <param name="Notes">What could not be repaired, and what is left to do; in sentences.</param>
public sealed record UsageRepairReport(
    DateOnly Day, bool IsPreview, IReadOnlyList<UsageChange> Changes, bool IsComplete, IReadOnlyList<string> Notes);
