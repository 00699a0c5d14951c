using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Reliable.Configuration;
using Reliable.Diagnostics;
using Reliable.Transactions;

namespace Reliable.Usage;

/// <summary>
/// Begins, commits and rolls back: joins the open transactions, the quotas this process knows, and the store. The fast forms answer at once and allocate nothing;
/// where one cannot, the slow form of the same name does it all again.
/// </summary>
internal sealed partial class QuotaKeeper
{
    private static readonly TimeSpan s_refundDelay = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<string, QuotaTable> _tables = new(StringComparer.Ordinal);
    private readonly SharedTerms _terms = new();
    private readonly SharedReadings _readings = new();
    private readonly IUsageStore _store;
    private readonly InProcessCommitter? _inProcess;
    private readonly TransactionStore _transactions;
    private readonly Func<RuntimeSettings> _settings;
    private readonly StoreDay _day;
    private readonly GroupCommitter? _committer;
    private readonly TimeProvider _time;
    private readonly Workers _workers;
    private readonly Instruments _instruments;
    private readonly ILogger _logger;

    // Where forgetting goes on.
    private IEnumerator<QuotaTable>? _tablesToGo;
    private QuotaTable? _tableInHand;

    public QuotaKeeper(
        IUsageStore store,
        TransactionStore transactions,
        Func<RuntimeSettings> settings,
        StoreDay day,
        GroupCommitter? committer,
        TimeProvider time,
        Workers workers,
        Instruments instruments,
        ILogger logger)
    {
        _store = store;
        _inProcess = store is MemoryUsageStore memory ? new InProcessCommitter(memory, transactions, logger) : null;
        _transactions = transactions;
        _settings = settings;
        _day = day;
        _committer = committer;
        _time = time;
        _workers = workers;
        _instruments = instruments;
        _logger = logger;
    }

    /// <summary>Whether charges are settled in place, without waiting for anything.</summary>
    public bool IsInProcess => _inProcess is not null;

    /// <summary>How many counters are known here.</summary>
    public int KnownQuotas
    {
        get
        {
            int known = 0;
            foreach ((_, QuotaTable table) in _tables)
            {
                known += table.Count;
            }

            return known;
        }
    }

    public QuotaTable TableOf(string counter)
        => _tables.TryGetValue(counter, out QuotaTable? table) ? table : _tables.GetOrAdd(counter, static name => new QuotaTable(name));

    /// <summary>Begins with what is known here; <see langword="false"/> when the store must be asked, or when the answer is no.</summary>
    public bool TryBegin(QuotaTable table, string userId, int amount, int timeToLiveMs, out TransactionHandle handle)
    {
        long now = _transactions.NowMs;
        Quota quota = table.Get(userId);
        if (quota.IsFresh(now)
            && quota.Terms is { Exists: true }
            && _committer?.Refusal is null
            && quota.TryReserve(amount) == ReserveOutcome.Reserved)
        {
            if (_transactions.TryBegin(quota, amount, now, timeToLiveMs, out handle))
            {
                if (_logger.IsEnabled(LogLevel.Debug))
                {
                    Log.TransactionBegan(_logger, TransactionIds.Format(_transactions.IdOf(handle)), LogText.Clean(userId), true);
                }

                return true;
            }

            quota.Release(amount);
        }

        handle = default;
        return false;
    }

    /// <summary>Begins, asking the store where what is known here is too old.</summary>
    /// <returns>The transaction, or the state of the counter that denies it.</returns>
    /// <exception cref="UsageUnavailableException">A charge could not be kept safe.</exception>
    public async ValueTask<BeginResult> BeginAsync(QuotaTable table, string userId, int amount, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_committer?.Refusal is { } refusal)
        {
            throw new UsageUnavailableException($"No call is taken at the moment: {refusal}. Nothing was charged; try again later.");
        }

        Quota quota = await FreshAsync(table, userId, cancellationToken).ConfigureAwait(false);
        ReserveOutcome outcome;
        while ((outcome = quota.Terms is { Exists: false } ? ReserveOutcome.Denied : quota.TryReserve(amount)) == ReserveOutcome.Retired)
        {
            quota = await FreshAsync(table, table.Renew(quota).UserId, cancellationToken).ConfigureAwait(false);
        }

        if (outcome == ReserveOutcome.Denied)
        {
            if (_logger.IsEnabled(LogLevel.Debug))
            {
                Log.TransactionBegan(_logger, "none", LogText.Clean(userId), false);
            }

            return new BeginResult(default, UsageText.Snapshot(quota, amount, ResetsAt(quota)));
        }

        if (!_transactions.TryBegin(quota, amount, _transactions.NowMs, _settings().TimeToLiveMs, out TransactionHandle handle))
        {
            quota.Release(amount);
            throw new UsageUnavailableException(
                $"No call is taken at the moment: {TransactionStore.MaxCapacity} transactions are open, as many as may. Nothing was charged; try again later.");
        }

        if (_logger.IsEnabled(LogLevel.Debug))
        {
            Log.TransactionBegan(_logger, TransactionIds.Format(_transactions.IdOf(handle)), LogText.Clean(userId), true);
        }

        return new BeginResult(handle, null);
    }

    /// <summary>Settles in place, where the store is in this process. The caller counts it, together with how the call ended.</summary>
    /// <returns>Whether it is settled; otherwise nothing has happened.</returns>
    public bool TryCommit(TransactionHandle handle, UsageTerms terms, out CommitResult result)
    {
        if (_inProcess is null)
        {
            result = default;
            return false;
        }

        result = _inProcess.Commit(handle, terms, isRefundable: false);
        return result.Status is CommitStatus.Counted or CommitStatus.LimitReached;
    }

    /// <summary>Commits: the answer may leave when this completes with a charged result.</summary>
    public ValueTask<CommitResult> CommitAsync(TransactionHandle handle)
        => _inProcess is not null ? new(CommitInProcess(handle, _inProcess)) : CommitToStoreAsync(handle);

    /// <summary>Rolls back, gives the reservation back and says why.</summary>
    public ClaimOutcome Rollback(TransactionHandle handle, string reason)
    {
        if (handle.IsNone)
        {
            return ClaimOutcome.Stale;
        }

        bool isLogged = _logger.IsEnabled(LogLevel.Information);
        (Quota? quota, _) = isLogged ? _transactions.ReservedBy(handle) : default;
        Guid id = isLogged ? _transactions.IdOf(handle) : default;
        ClaimOutcome outcome = _transactions.TryRollback(handle, _transactions.NowMs);
        if (outcome == ClaimOutcome.Claimed)
        {
            _instruments.RolledBack(reason);
            if (isLogged && quota is not null)
            {
                Log.TransactionRolledBack(_logger, TransactionIds.Format(id), LogText.Clean(quota.UserId), reason);
            }
        }

        return outcome;
    }

    /// <summary>Takes a counted charge back. Tried again under its id, for as long as a commit may take: a refund that was applied says so.</summary>
    public async ValueTask<RefundResult> RefundAsync(Charge charge, CancellationToken cancellationToken)
    {
        long deadline = _transactions.NowMs + _settings().Committer.CommitTimeoutMs;
        while (true)
        {
            try
            {
                RefundResult result = await _store.RefundAsync(charge, _settings().Terms, cancellationToken).ConfigureAwait(false);
                TableOf(charge.Counter).Get(charge.UserId).Invalidate();
                if (result == RefundResult.Refunded)
                {
                    _instruments.Refunded();
                }

                return result;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested
                && _transactions.NowMs < deadline && _store.Classify(e) != StoreFailure.Permanent)
            {
                await Task.Delay(s_refundDelay, _time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public async ValueTask SetLimitAsync(string counter, string userId, long? limit, CancellationToken cancellationToken)
    {
        await _store.SetLimitAsync(userId, counter, limit, cancellationToken).ConfigureAwait(false);
        TableOf(counter).Get(userId).Invalidate();
    }

    /// <summary>Counts a charge of an earlier run as reserved until the store has it.</summary>
    public Quota ReserveForReplay(in Charge charge)
    {
        QuotaTable table = TableOf(charge.Counter);
        Quota quota = table.Get(charge.UserId);
        while (quota.ReserveAgain(charge.Amount) == ReserveOutcome.Retired)
        {
            quota = table.Renew(quota);
        }

        return quota;
    }

    /// <summary>Goes on with forgetting quotas nobody used for a while. One caller at a time.</summary>
    /// <returns>Whether that was the last of them.</returns>
    public bool Forget(long staleSinceMs, int most)
    {
        if (_tableInHand is null)
        {
            _tablesToGo ??= _tables.Values.GetEnumerator();
            if (!_tablesToGo.MoveNext())
            {
                _tablesToGo = null;
                return true;
            }

            _tableInHand = _tablesToGo.Current;
        }

        if (_tableInHand.Forget(staleSinceMs, most))
        {
            _tableInHand = null;
        }

        return false;
    }

    private CommitResult CommitInProcess(TransactionHandle handle, InProcessCommitter committer)
    {
        CommitResult result = committer.Commit(handle, _settings().Terms, isRefundable: true);
        if (result.Status == CommitStatus.Counted)
        {
            _instruments.Committed();
        }

        return result;
    }

    private async ValueTask<CommitResult> CommitToStoreAsync(TransactionHandle handle)
    {
        ClaimOutcome claim = _transactions.TryClaimCommit(handle, _transactions.NowMs);
        if (claim != ClaimOutcome.Claimed)
        {
            return CommitResult.NotClaimed(claim);
        }

        (Quota quota, int amount) = _transactions.ReservedBy(handle);
        var charge = new Charge(_transactions.IdOf(handle), quota.UserId, quota.Counter, amount);
        CommitResult result;
        try
        {
            result = await _committer!.CommitAsync(charge, quota).ConfigureAwait(false);
        }
        finally
        {
            _transactions.Release(handle);
        }

        switch (result.Status)
        {
            case CommitStatus.Counted:
                _instruments.Committed();
                if (_logger.IsEnabled(LogLevel.Debug))
                {
                    Log.TransactionCommitted(
                        _logger, TransactionIds.Format(charge.TransactionId), LogText.Clean(charge.UserId), result.Used, UsageText.Limit(result.Limit));
                }

                break;
            case CommitStatus.UnknownUser:
                quota.Invalidate();
                Log.UserVanished(_logger, LogText.Clean(charge.UserId), _store.Name, TransactionIds.Format(charge.TransactionId));
                break;
            default:
                break;
        }

        return result;
    }

    private static DateTimeOffset ResetsAt(Quota quota) => quota.Terms?.ResetsAt ?? default;
}
