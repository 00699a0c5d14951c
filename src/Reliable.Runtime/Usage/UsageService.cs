using Reliable.Diagnostics;
using Reliable.Usage;

namespace Reliable;

/// <summary>Manual transactions, for code that is not one method, and the state of counters.</summary>
public sealed class UsageService
{
    private const string DefaultCounter = "requests";

    private readonly ReliableRuntime _runtime;

    internal UsageService(ReliableRuntime runtime) => _runtime = runtime;

    /// <summary>Begins a transaction of amount 1 on the counter <c>requests</c>.</summary>
    /// <inheritdoc cref="BeginAsync(string, string, int, CancellationToken)"/>
    public ValueTask<UsageTransaction> BeginAsync(string userId, CancellationToken cancellationToken = default)
        => BeginAsync(userId, DefaultCounter, 1, cancellationToken);

    /// <summary>Begins a transaction of amount 1.</summary>
    /// <inheritdoc cref="BeginAsync(string, string, int, CancellationToken)"/>
    public ValueTask<UsageTransaction> BeginAsync(string userId, string counter, CancellationToken cancellationToken = default)
        => BeginAsync(userId, counter, 1, cancellationToken);

    /// <summary>Begins a transaction: reserves its amount until it is committed, rolled back, disposed or expired.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="counter">The counter's name.</param>
    /// <param name="amount">How much a commit adds, 1 or more.</param>
    /// <param name="cancellationToken">Cancels waiting for the store.</param>
    /// <exception cref="UsageLimitExceededException">The quota does not allow it; nothing is reserved.</exception>
    /// <exception cref="UsageUnavailableException">A charge could not be kept safe at the moment; nothing is reserved.</exception>
    public async ValueTask<UsageTransaction> BeginAsync(string userId, string counter, int amount, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        ArgumentException.ThrowIfNullOrEmpty(counter);
        ArgumentOutOfRangeException.ThrowIfLessThan(amount, 1);
        await _runtime.EnsureStartedAsync(cancellationToken).ConfigureAwait(false);
        BeginResult begun = await _runtime.Keeper.BeginAsync(_runtime.Keeper.TableOf(counter), userId, amount, cancellationToken).ConfigureAwait(false);
        return begun.Denied is { } usage
            ? throw new UsageLimitExceededException(userId, counter, usage)
            : new UsageTransaction(_runtime, begun.Handle, userId, counter, amount);
    }

    /// <summary>The state of a user's counter <c>requests</c>.</summary>
    /// <inheritdoc cref="GetUsageAsync(string, string, CancellationToken)"/>
    public ValueTask<UsageSnapshot> GetUsageAsync(string userId, CancellationToken cancellationToken = default)
        => GetUsageAsync(userId, DefaultCounter, cancellationToken);

    /// <summary>
    /// The state of a user's counter, read from the store. A store that does not answer within <c>Usage:CommitTimeout</c> is reported in the log, and what this
    /// process knew last is returned; so an answer that has been charged can be shown with its usage also then.
    /// </summary>
    /// <param name="userId">The user.</param>
    /// <param name="counter">The counter's name.</param>
    /// <param name="cancellationToken">Cancels waiting for the store.</param>
    public async ValueTask<UsageSnapshot> GetUsageAsync(string userId, string counter, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        ArgumentException.ThrowIfNullOrEmpty(counter);
        await _runtime.EnsureStartedAsync(cancellationToken).ConfigureAwait(false);
        return await _runtime.Keeper.ReadAsync(counter, userId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sets a user's limit of the counter <c>requests</c>.</summary>
    /// <inheritdoc cref="SetLimitAsync(string, string, long?, CancellationToken)"/>
    public ValueTask SetLimitAsync(string userId, long? limit, CancellationToken cancellationToken = default)
        => SetLimitAsync(userId, DefaultCounter, limit, cancellationToken);

    /// <summary>Sets a user's own daily limit.</summary>
    /// <param name="userId">The user; created when there is none of the name.</param>
    /// <param name="counter">The counter's name.</param>
    /// <param name="limit">The limit, 0 or more; <see langword="null"/> makes <c>Usage:DefaultLimit</c> apply.</param>
    /// <param name="cancellationToken">Cancels waiting for the store.</param>
    /// <exception cref="NotSupportedException">The limits are in a table of the application's own.</exception>
    public async ValueTask SetLimitAsync(string userId, string counter, long? limit, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        ArgumentException.ThrowIfNullOrEmpty(counter);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit ?? 0, 0, nameof(limit));
        await _runtime.EnsureStartedAsync(cancellationToken).ConfigureAwait(false);
        await _runtime.Keeper.SetLimitAsync(counter, userId, limit, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Holds counters against the ledger of charges: one snapshot, no locks, so that it can run under full load. Not with counters in memory.
    /// </summary>
    /// <param name="options">What to look at; everything when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the audit.</param>
    /// <exception cref="NotSupportedException">The store has no ledger.</exception>
    /// <exception cref="UsageStoreException">The store cannot be used as it is configured, or does not hold the counter.</exception>
    public async ValueTask<UsageAuditReport> AuditAsync(UsageAuditOptions? options = null, CancellationToken cancellationToken = default)
    {
        IUsageLedger ledger = await LedgerAsync(cancellationToken).ConfigureAwait(false);
        UsageAuditReport report = await ledger.AuditAsync(options ?? new(), _runtime.Settings.Terms, cancellationToken).ConfigureAwait(false);
        Log.Audited(_runtime.Logger, report.Counters, report.Charges, report.Day, report.Findings.Count, report.IsComplete);
        return report;
    }

    /// <summary>What <see cref="RepairAsync"/> would change now; nothing is changed or locked.</summary>
    /// <inheritdoc cref="RepairAsync"/>
    public async ValueTask<UsageRepairReport> PreviewRepairAsync(UsageRepairOptions? options = null, CancellationToken cancellationToken = default)
    {
        IUsageLedger ledger = await LedgerAsync(cancellationToken).ConfigureAwait(false);
        return await ledger.RepairAsync(options ?? new(), preview: true, _runtime.Settings.Terms, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Repairs what an audit finds, in one transaction: counters become what the ledger has for today. Charges of the users concerned wait meanwhile, and none
    /// is lost. Doing it again changes nothing more. Each change is logged.
    /// </summary>
    /// <param name="options">What to repair; all that is repairable of all users when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the repair; unless its commit was already under way, nothing is changed then.</param>
    /// <exception cref="NotSupportedException">The store has no ledger.</exception>
    /// <exception cref="UsageStoreException">The store cannot be used as it is configured, or does not hold the counter.</exception>
    public async ValueTask<UsageRepairReport> RepairAsync(UsageRepairOptions? options = null, CancellationToken cancellationToken = default)
    {
        IUsageLedger ledger = await LedgerAsync(cancellationToken).ConfigureAwait(false);
        UsageRepairReport report = await ledger.RepairAsync(options ?? new(), preview: false, _runtime.Settings.Terms, cancellationToken).ConfigureAwait(false);
        foreach (UsageChange change in report.Changes)
        {
            Log.Repaired(
                _runtime.Logger,
                change.Subject.ToString(),
                LogText.Clean(change.Counter),
                LogText.Clean(change.UserId),
                LogText.Clean(change.From),
                change.To,
                change.Kind.ToString(),
                change.TransactionId is { } id ? TransactionIds.Format(id) : "");
        }

        return report;
    }

    // Nothing is known here that could be told instead, so that this waits for the store however long it takes.
    private async ValueTask<IUsageLedger> LedgerAsync(CancellationToken cancellationToken)
    {
        IUsageLedger ledger = _runtime.Ledger ?? throw new NotSupportedException(
            $"Counters in store '{_runtime.StoreName}' have no ledger that they could be held against. UsePostgres and UseSqlite keep one.");
        await _runtime.StartAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return ledger;
    }
}
