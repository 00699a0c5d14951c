namespace Reliable;

/// <summary>
/// When <see cref="ReliableRuntime.Health"/> is no longer healthy. Rates are counted over the last <see cref="Window"/>, and only rules of which enough calls or
/// transactions are in it can hold.
/// </summary>
public sealed class HealthOptions
{
    /// <summary>How far back rates are counted, 10 s to 1 day. Default: 5 min.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often the rules are looked at, so that a line is logged when one starts to hold or ceases to; 100 ms to 1 day. Default: 5 s.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The fewest calls (or, for rollbacks, transactions) from which a rate says anything, 1 or more. Commit failures need none. Default: 10.</summary>
    public int MinCalls { get; set; } = 10;

    /// <summary>Retries per 100 calls; more is degraded. Default: 10.</summary>
    public double MaxRetryPercent { get; set; } = 10;

    /// <summary>The same for the calls of each single model. Default: 20.</summary>
    public double MaxModelRetryPercent { get; set; } = 20;

    /// <summary>Rollbacks per 100 transactions that were settled; more is degraded. Default: 2.</summary>
    public double MaxRollbackPercent { get; set; } = 2;

    /// <summary>Rejected answers per 100 calls; more is degraded. Default: 15.</summary>
    public double MaxRejectionPercent { get; set; } = 15;

    /// <summary>How long calls that were retried may take on average, delays included; longer is degraded. Default: 10 s.</summary>
    public TimeSpan MaxRetryDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many charges the store may leave waiting for longer than <see cref="UsageOptions.CommitTimeout"/>; more is degraded. Default: 0.</summary>
    public int MaxCommitFailures { get; set; }

    /// <summary>The score below which the state is unhealthy, 0 to 100; 0 is never. Default: 50.</summary>
    public double MinScore { get; set; } = 50;
}
