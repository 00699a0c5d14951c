namespace Reliable.Retry;

/// <summary>What the pipeline asks of the call that goes through it.</summary>
internal interface IRetryDecisions
{
    /// <summary>Whether another attempt may follow after this failure.</summary>
    bool IsWorthRetrying(Exception? exception);

    /// <summary>How many retries there were before the call entered the pipeline: their delays are not waited for again.</summary>
    int RetriesBefore => 0;

    /// <summary>How much of the total time was used before the call entered the pipeline.</summary>
    TimeSpan TimeBefore => TimeSpan.Zero;

    /// <summary>Says that another attempt follows after a wait.</summary>
    void OnRetry(TimeSpan wait);
}
