using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Reliable;

/// <summary>How a runtime is doing, by what happened in the last <see cref="HealthOptions.Window"/>.</summary>
/// <param name="Status">Healthy when no rule holds.</param>
/// <param name="Score">
/// From 0 to 100: <c>(100 − 5 · retry percent) · 0.3 + (100 − 20 · rollback percent) · 0.3 + commit success percent · 0.4</c>; 100 when nothing happened.
/// </param>
/// <param name="Window">How far back that is; less shortly after the start.</param>
/// <param name="Overall">All calls.</param>
/// <param name="Models">The calls of each model that was called within the window, by name.</param>
/// <param name="Committed">Transactions that were counted.</param>
/// <param name="RolledBack">Transactions that were rolled back.</param>
/// <param name="CommitFailures">Charges that the store did not take in time, or not at all.</param>
/// <param name="Findings">The rules that hold.</param>
public sealed record ReliableHealth(
    HealthStatus Status,
    double Score,
    TimeSpan Window,
    ModelHealth Overall,
    IReadOnlyList<ModelHealth> Models,
    long Committed,
    long RolledBack,
    long CommitFailures,
    IReadOnlyList<HealthFinding> Findings)
{
    /// <summary>Rollbacks per 100 transactions that were settled. 0 without any.</summary>
    public double RollbackPercent => ModelHealth.Percent(RolledBack, Committed + RolledBack);

    /// <summary>The share of commits that the store took in time. 100 without any.</summary>
    public double CommitSuccessPercent => 100 - ModelHealth.Percent(CommitFailures, Committed + CommitFailures);
}
