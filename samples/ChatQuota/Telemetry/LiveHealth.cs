using Reliable;

namespace ChatQuota.Telemetry;

/// <summary>The state of the runtime, over the last minutes.</summary>
internal sealed record LiveHealth(string Status, double Score, double WindowSeconds, double RetryPercent, double RollbackPercent, double RejectionPercent, IReadOnlyList<string> Findings)
{
    public static LiveHealth Of(ReliableHealth health)
        => new(
            health.Status.ToString(),
            health.Score,
            health.Window.TotalSeconds,
            health.Overall.RetryPercent,
            health.RollbackPercent,
            health.Overall.RejectionPercent,
            [.. health.Findings.Select(static finding => finding.Message)]);
}
