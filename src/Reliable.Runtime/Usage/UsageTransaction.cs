using Reliable.Calls;
using Reliable.Transactions;
using Reliable.Usage;

namespace Reliable;

/// <summary>
/// An amount reserved from a user's quota until it is committed or rolled back. Disposing an open one rolls it back; one that is forgotten expires. Thread-safe:
/// of several commits and rollbacks one wins, and the others are told what it did.
/// </summary>
public sealed class UsageTransaction : IAsyncDisposable
{
    private readonly ReliableRuntime _runtime;
    private readonly TransactionHandle _handle;
    private readonly Guid _id;
    private readonly SemaphoreSlim _settling = new(1, 1);
    private State _state = State.Open;

    internal UsageTransaction(ReliableRuntime runtime, TransactionHandle handle, string userId, string counter, int amount)
    {
        _runtime = runtime;
        _handle = handle;
        _id = runtime.Transactions.IdOf(handle);
        UserId = userId;
        Counter = counter;
        Amount = amount;
        (StartedAt, ExpiresAt) = runtime.Transactions.TimesOf(handle);
    }

    private enum State
    {
        Open,
        Committed,
        RolledBack,
        Refunded,
        Expired,
    }

    /// <summary>The id under which log lines and the ledger know it: <c>txn-…</c>.</summary>
    public string Id => TransactionIds.Format(_id);

    /// <summary>The user.</summary>
    public string UserId { get; }

    /// <summary>The counter's name.</summary>
    public string Counter { get; }

    /// <summary>How much a commit adds.</summary>
    public int Amount { get; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>When it expires, if it is neither committed nor rolled back before.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Counts the amount, once. A second commit changes nothing and says so.</summary>
    /// <param name="cancellationToken">Cancels waiting for another caller's commit or rollback; not a commit that has begun.</param>
    /// <exception cref="InvalidOperationException">It was rolled back or has expired; nothing is counted.</exception>
    /// <exception cref="UsageLimitExceededException">The limit was reached meanwhile by another process; nothing is counted.</exception>
    public async ValueTask<TransactionOutcome> CommitAsync(CancellationToken cancellationToken = default)
    {
        await _settling.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_state != State.Open)
            {
                return _state == State.Committed ? TransactionOutcome.AlreadyCommitted : throw NotOpen();
            }

            CommitResult result = await _runtime.Keeper.CommitAsync(_handle).ConfigureAwait(false);
            if (result.Status is CommitStatus.Counted or CommitStatus.Deferred)
            {
                _state = State.Committed;
                return TransactionOutcome.Committed;
            }

            return await EndUncountedAsync(result, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _settling.Release();
        }
    }

    /// <summary>Gives the reservation back; after a commit, takes the charge back, once. A second rollback changes nothing and says so.</summary>
    /// <param name="cancellationToken">Cancels waiting.</param>
    public async ValueTask<TransactionOutcome> RollbackAsync(CancellationToken cancellationToken = default)
    {
        await _settling.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            switch (_state)
            {
                case State.Open:
                    return RollBackOpen(RollbackReasons.Requested);
                case State.Committed:
                    await _runtime.Keeper.RefundAsync(new Charge(_id, UserId, Counter, Amount), cancellationToken).ConfigureAwait(false);
                    _state = State.Refunded;
                    return TransactionOutcome.Refunded;
                default:
                    return TransactionOutcome.AlreadyRolledBack;
            }
        }
        finally
        {
            _settling.Release();
        }
    }

    /// <summary>Rolls an open transaction back; does nothing otherwise.</summary>
    public async ValueTask DisposeAsync()
    {
        await _settling.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_state == State.Open)
            {
                RollBackOpen(RollbackReasons.Disposed);
            }
        }
        finally
        {
            _settling.Release();
        }
    }

    private async ValueTask<TransactionOutcome> EndUncountedAsync(CommitResult result, CancellationToken cancellationToken)
    {
        switch (result.Status)
        {
            case CommitStatus.UnknownUser:
                _state = State.RolledBack;
                return TransactionOutcome.UnknownUser;
            case CommitStatus.LimitReached:
                _state = State.RolledBack;
                UsageSnapshot usage = await _runtime.Keeper.ReadAsync(Counter, UserId, cancellationToken).ConfigureAwait(false);
                throw new UsageLimitExceededException(UserId, Counter, usage with { DeniedReason = UsageText.LimitReached(result.Used, 0, result.Limit) });
            default:
                _state = State.Expired;
                throw NotOpen();
        }
    }

    private TransactionOutcome RollBackOpen(string reason)
    {
        // Whatever made the handle stale, it was not a commit of this object: then it has expired, and its reservation is given back.
        ClaimOutcome outcome = _runtime.Keeper.Rollback(_handle, reason);
        _state = outcome == ClaimOutcome.Claimed ? State.RolledBack : State.Expired;
        return outcome == ClaimOutcome.Claimed ? TransactionOutcome.RolledBack : TransactionOutcome.AlreadyRolledBack;
    }

    private InvalidOperationException NotOpen()
    {
        string what = _state switch
        {
            State.Expired => $"expired at {ExpiresAt:u}",
            State.Refunded => "was committed and then taken back",
            _ => "was rolled back",
        };
        return new InvalidOperationException(
            $"Transaction '{Id}' of user '{UserId}' {what} and cannot be committed; nothing was counted. Begin a new one.");
    }
}
