using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Reliable.Hosting;

/// <summary>Shows <see cref="ReliableRuntime.Health"/> to whoever asks for the health of the application.</summary>
internal sealed class ReliableHealthCheck(ReliableRuntime runtime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ReliableHealth health = runtime.Health;
        HealthStatus worst = context.Registration.FailureStatus;
        HealthStatus status = health.Status < worst ? worst : health.Status;
        string description = health.Findings.Count == 0 ? "No rule holds." : string.Join("; ", health.Findings.Select(static finding => finding.Message)) + ".";
        return Task.FromResult(new HealthCheckResult(status, description, data: DataOf(health, runtime.Statistics)));
    }

    private static Dictionary<string, object> DataOf(ReliableHealth health, ReliableStatistics statistics)
    {
        var data = new Dictionary<string, object>
        {
            ["score"] = Rounded(health.Score),
            ["windowSeconds"] = Rounded(health.Window.TotalSeconds),
            ["calls"] = health.Overall.Calls,
            ["retryPercent"] = Rounded(health.Overall.RetryPercent),
            ["rejectionPercent"] = Rounded(health.Overall.RejectionPercent),
            ["rollbackPercent"] = Rounded(health.RollbackPercent),
            ["commitSuccessPercent"] = Rounded(health.CommitSuccessPercent),
            ["commitFailures"] = health.CommitFailures,
            ["averageRetrySeconds"] = Rounded(health.Overall.AverageRetryDuration.TotalSeconds),
            ["activeTransactions"] = statistics.ActiveTransactions,
            ["oldestTransactionSeconds"] = Rounded(statistics.OldestTransaction.TotalSeconds),
            ["pendingCharges"] = statistics.PendingCharges,
            ["journaledCharges"] = statistics.JournaledCharges,
        };
        if (health.Findings.Count > 0)
        {
            data["rules"] = health.Findings.Select(static finding => finding.Rule.ToString()).Distinct().ToArray();
        }

        return data;
    }

    private static double Rounded(double value) => Math.Round(value, 3);
}
