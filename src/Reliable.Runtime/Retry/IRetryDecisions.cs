namespace Reliable.Retry;

/// <summary>What the pipeline asks of the call that goes through it.</summary>
internal interface IRetryDecisions
{
    /// <summary>Whether another attempt may follow after this failure.</summary>
    bool IsWorthRetrying(Exception? exception);

    /// <summary>Says that another attempt follows after a wait.</summary>
    void OnRetry(TimeSpan wait);
}
