using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Reliable.Diagnostics;
using Reliable.Transactions;

namespace Reliable.Usage;

/// <summary>
/// Commits to the store that is in this process: at once, without waiting for anything, and without an allocation. What it commits is for the caller to count.
/// </summary>
internal sealed class InProcessCommitter(MemoryUsageStore store, TransactionStore transactions, ILogger logger)
{
    /// <summary>Commits a transaction, if it is open.</summary>
    /// <param name="handle">The transaction.</param>
    /// <param name="terms">What is in force.</param>
    /// <param name="isRefundable">Whether the ledger has to know the charge. That costs memory, and a call that returns its answer refunds nothing.</param>
    public CommitResult Commit(TransactionHandle handle, UsageTerms terms, bool isRefundable)
    {
        long now = transactions.NowMs;
        ClaimOutcome claim = transactions.TryClaimCommit(handle, now);
        if (claim != ClaimOutcome.Claimed)
        {
            return CommitResult.NotClaimed(claim);
        }

        (Quota quota, int amount) = transactions.ReservedBy(handle);
        MemoryAccount account = quota.Account as MemoryAccount ?? FindAccount(quota);
        ChargeResult result = isRefundable
            ? SettleOnce(handle, quota, amount, account, terms)
            : MemoryUsageStore.Settle(account, amount, terms, DayOf(quota, now, terms));
        if (result.Outcome != ChargeOutcome.Counted)
        {
            quota.Release(amount);
            quota.Invalidate();
            transactions.Release(handle);
            return new CommitResult(CommitStatus.LimitReached, result.Used, result.Limit);
        }

        quota.CountOne(amount);
        if (logger.IsEnabled(LogLevel.Debug))
        {
            LogCommitted(handle, quota, amount, result);
        }

        transactions.Release(handle);
        return new CommitResult(CommitStatus.Counted, result.Used, result.Limit);
    }

    // The day of the last reading, for as long as that lasts: the clock has just been read, and reading it again would be most of what a charge costs.
    private DateOnly DayOf(Quota quota, long nowMs, UsageTerms terms)
        => quota.Terms is { } known && nowMs < known.ResetsAtMs ? known.Day : store.Today(terms);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private MemoryAccount FindAccount(Quota quota)
    {
        MemoryAccount account = store.AccountOf(quota.UserId, quota.Counter);
        quota.Account = account;
        return account;
    }

    // Apart, as what is logged is: a charge is a large value, and would be cleared for every commit.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ChargeResult SettleOnce(TransactionHandle handle, Quota quota, int amount, MemoryAccount account, UsageTerms terms)
        => store.SettleOnce(new Charge(transactions.IdOf(handle), quota.UserId, quota.Counter, amount), account, terms);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LogCommitted(TransactionHandle handle, Quota quota, int amount, ChargeResult result)
        => Log.TransactionCommitted(
            logger, TransactionIds.Format(transactions.IdOf(handle)), LogText.Clean(quota.UserId), result.Used, UsageText.Limit(result.Limit));
}
