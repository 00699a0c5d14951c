namespace Reliable;

/// <summary>What <see cref="ReliableRuntime.Health"/> looks at. The names are in log lines and in the data of the health check.</summary>
public enum HealthRule
{
    /// <summary>Retries per 100 calls exceed <see cref="HealthOptions.MaxRetryPercent"/>: degraded.</summary>
    RetryRate = 0,

    /// <summary>Retries per 100 calls of one model exceed <see cref="HealthOptions.MaxModelRetryPercent"/>: degraded.</summary>
    ModelRetryRate,

    /// <summary>Rollbacks per 100 transactions exceed <see cref="HealthOptions.MaxRollbackPercent"/>: degraded.</summary>
    RollbackRate,

    /// <summary>Rejected answers per 100 calls exceed <see cref="HealthOptions.MaxRejectionPercent"/>: degraded.</summary>
    RejectionRate,

    /// <summary>More than <see cref="HealthOptions.MaxCommitFailures"/> charges were not taken by the store in time: degraded. They are safe in the journal.</summary>
    CommitFailures,

    /// <summary>Calls that were retried took longer than <see cref="HealthOptions.MaxRetryDuration"/> on average: degraded.</summary>
    RetryDuration,

    /// <summary>The score is below <see cref="HealthOptions.MinScore"/>: unhealthy.</summary>
    Score,

    /// <summary>New calls are refused because their charges could not be kept safe: unhealthy.</summary>
    CallsRefused,
}
