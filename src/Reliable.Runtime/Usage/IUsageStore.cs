namespace Reliable.Usage;

/// <summary>
/// Where counters live. A store counts each charge once, whatever happens to the reply, and knows nothing of retries, reservations or batching policy:
/// those are above it.
/// </summary>
/// <remarks>
/// Every store passes the shared suite <c>UsageStoreBehaviour</c>. <see cref="SettleAsync"/> is called by one caller at a time, everything else possibly at once.
/// </remarks>
public interface IUsageStore : IAsyncDisposable, IDisposable
{
    /// <summary>The store's name in log lines and errors, such as <c>PostgreSQL</c>.</summary>
    string Name { get; }

    /// <summary>The most charges one <see cref="SettleAsync"/> takes.</summary>
    int MaxBatchSize { get; }

    /// <summary>Creates or checks tables. Called once, before anything else.</summary>
    /// <exception cref="UsageStoreException">Something is missing that the store may not create; the message has the script that would create it.</exception>
    ValueTask InitializeAsync(UsageTerms terms, CancellationToken cancellationToken);

    /// <summary>Reads one counter as it stands today.</summary>
    ValueTask<UsageReading> ReadAsync(string userId, string counter, UsageTerms terms, CancellationToken cancellationToken);

    /// <summary>
    /// Counts a batch of charges of distinct ids: each exactly once, also when the same charge comes again after an unknown outcome. When this throws, some of
    /// the batch may be counted, and sending it again is safe.
    /// </summary>
    /// <param name="charges">1 to <see cref="MaxBatchSize"/> charges.</param>
    /// <param name="results">As many results, written in the order of the charges.</param>
    /// <param name="terms">Limits, time zone, and the terms of a replay.</param>
    /// <param name="cancellationToken">Cancels waiting, not what was sent.</param>
    ValueTask SettleAsync(ReadOnlyMemory<Charge> charges, Memory<ChargeResult> results, UsageTerms terms, CancellationToken cancellationToken);

    /// <summary>
    /// Takes one charge back, exactly once. Also makes sure that a copy of the charge that is still on its way will not be counted when it arrives.
    /// </summary>
    ValueTask<RefundResult> RefundAsync(Charge charge, UsageTerms terms, CancellationToken cancellationToken);

    /// <summary>Sets the limit of one user's counter; <see langword="null"/> makes the default limit apply.</summary>
    /// <exception cref="NotSupportedException">The limits are in a table of the application's own.</exception>
    ValueTask SetLimitAsync(string userId, string counter, long? limit, CancellationToken cancellationToken);

    /// <summary>What an exception from <see cref="SettleAsync"/> means for the charges that were sent.</summary>
    StoreFailure Classify(Exception exception);

    /// <summary>As <see cref="IAsyncDisposable.DisposeAsync"/>, for containers that are disposed synchronously; blocks until that has ended.</summary>
    void IDisposable.Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }
}
