namespace Reliable.Usage;

/// <summary>
/// What a store with a ledger can do besides counting: hold its counters against the ledger, repair what is damaged, and forget charges that are old. Beside
/// <see cref="IUsageStore"/>, because a store can do without.
/// </summary>
/// <remarks>All of it may be called at any time after <see cref="IUsageStore.InitializeAsync"/>, while charges are counted and refunded.</remarks>
public interface IUsageLedger
{
    /// <summary>The store's clock, and its day in the time zone of the terms.</summary>
    ValueTask<StoreClock> ReadClockAsync(UsageTerms terms, CancellationToken cancellationToken);

    /// <summary>
    /// Holds counters against the ledger, in one snapshot of both, so that it finds nothing wrong under load when nothing is wrong. Stops no writer.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    ValueTask<UsageAuditReport> AuditAsync(UsageAuditOptions options, UsageTerms terms, CancellationToken cancellationToken);

    /// <summary>
    /// Repairs what an audit finds, in one transaction, under the same locks and in the same order as every other writer; what is to be changed is decided
    /// under the locks. Doing it again is safe.
    /// </summary>
    /// <param name="options">What is repaired.</param>
    /// <param name="preview">Whether to say only what would be changed; then nothing is locked either.</param>
    /// <param name="terms">Limits and time zone.</param>
    /// <param name="cancellationToken">Cancels the repair; unless its commit was already under way, nothing is changed then.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    ValueTask<UsageRepairReport> RepairAsync(UsageRepairOptions options, bool preview, UsageTerms terms, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes charges that are older than an age by both measures, the time in their ids and their day, and by the store's clock: one step of at most
    /// <paramref name="maxCharges"/>.
    /// </summary>
    /// <param name="age">How old a charge must be at least.</param>
    /// <param name="after">The id the step before ended at; <see cref="Guid.Empty"/> to begin.</param>
    /// <param name="maxCharges">The most charges to look at; a store may take fewer.</param>
    /// <param name="terms">The time zone of days.</param>
    /// <param name="cancellationToken">Cancels the step.</param>
    /// <exception cref="UsageStoreException">The store may not delete charges; the message has the script that allows it.</exception>
    ValueTask<LedgerPurgeStep> PurgeAsync(TimeSpan age, Guid after, int maxCharges, UsageTerms terms, CancellationToken cancellationToken);
}
