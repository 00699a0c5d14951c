using System.Runtime.ExceptionServices;
using Reliable.Diagnostics;
using Reliable.Retry;
using Reliable.Streaming;

namespace Reliable.Calls;

// Every way in which a stream ends, and what each means for the transaction.
internal sealed partial class StreamRun<TState, T>
{
    public ValueTask DisposeAsync()
    {
        while (true)
        {
            int turn = Interlocked.CompareExchange(ref _turn, Turn.Disposing, Turn.Idle);
            switch (turn)
            {
                case Turn.Idle:
                    return DisposeInTurnAsync();
                case Turn.Disposed:
                    return default;
                case Turn.Moving:
                    Task left = Disposal();
                    if (Interlocked.CompareExchange(ref _turn, Turn.Leaving, Turn.Moving) == Turn.Moving)
                    {
                        CancelLife();
                        return new(left);
                    }

                    break;
                default:
                    Task ended = Disposal();
                    return Volatile.Read(ref _turn) == Turn.Disposed ? default : new(ended);
            }
        }
    }

    private Task Disposal()
    {
        if (Volatile.Read(ref _disposal) is { } known)
        {
            return known.Task;
        }

        var disposal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _disposal, disposal, null) ?? disposal).Task;
    }

    private async ValueTask EndTurnAsync()
    {
        int turn = Interlocked.CompareExchange(ref _turn, Turn.Idle, Turn.Moving);
        if (turn == Turn.Leaving)
        {
            await DisposeInTurnAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask DisposeInTurnAsync()
    {
        try
        {
            if (_phase == Phase.Holding)
            {
                await StopOpeningAsync().ConfigureAwait(false);
            }

            await LeaveAsync().ConfigureAwait(false);
            await FinishAsync().ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Exchange(ref _turn, Turn.Disposed);
            Volatile.Read(ref _disposal)?.TrySetResult();
        }
    }

    // The reader has a notice in its hands, or an update that passed during the hold, and leaves; meanwhile the attempt goes on.
    private async ValueTask StopOpeningAsync()
    {
        _handover?.Close();
        CancelLife();
        try
        {
            _attempt = await _opening.ConfigureAwait(false);
        }
        catch (Exception)
        {
            _isSettled = true;
        }
    }

    private async ValueTask<bool> EndAsync(StreamAttempt<T> attempt)
    {
        ValidationResult verdict;
        try
        {
            verdict = attempt.Judge.Complete();
            _run!.Trace?.Judge(verdict);
        }
        catch (Exception e)
        {
            return await FailAsync(attempt, e).ConfigureAwait(false);
        }

        if (!verdict.IsValid && verdict.Reason != RejectionReason.ContentFilter)
        {
            return await RejectAsync(attempt, verdict).ConfigureAwait(false);
        }

        _isSettled = true;
        try
        {
            await SettleAsync(verdict).ConfigureAwait(false);
        }
        finally
        {
            await FinishAsync().ConfigureAwait(false);
        }

        return false;
    }

    // The answer was given, all of it or as much as its reader wanted: charged when it is good, and not when it is a refusal.
    private async ValueTask SettleAsync(ValidationResult verdict)
    {
        if (verdict.IsValid)
        {
            try
            {
                await CallEngine.ChargeAsync(_policy, _context, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not UsageLimitExceededException)
            {
                CallEngine.End(_policy, _context.ModelId, CallOutcome.Error);
                throw;
            }

            CallEngine.End(_policy, _context.ModelId, _run!.IsFallback ? CallOutcome.Fallback : CallOutcome.Success);
        }
        else
        {
            CallEngine.EndRefused(_policy, _context);
        }

        _run!.NoteEnd(verdict.IsValid);
    }

    private async ValueTask<bool> RejectAsync(StreamAttempt<T> attempt, ValidationResult verdict)
    {
        bool canRestart = CanRestart;
        _run!.AddLate(verdict, attempt.Age);
        if (canRestart)
        {
            return await RestartAsync().ConfigureAwait(false);
        }

        RollBackLate(RollbackReasons.LateRejection, CallOutcome.LateRejection, verdict.Message);
        await FinishAsync().ConfigureAwait(false);
        throw new RetriesExhaustedException(_policy.Operation, _run.Failures);
    }

    private async ValueTask<bool> FailAsync(StreamAttempt<T> attempt, Exception failure)
    {
        _run!.Trace?.Fail(failure);
        if (_life.IsCancellationRequested)
        {
            // However the model's client puts it, it was the reader that left.
            await LeaveAsync().ConfigureAwait(false);
        }
        else
        {
            if (CanRestart && _run!.IsWorthRetrying(failure))
            {
                _run.AddLate(failure, attempt.Age);
                return await RestartAsync().ConfigureAwait(false);
            }

            RollBackLate(RollbackReasons.LateFailure, CallOutcome.LateFailure, TransientErrors.Describe(failure));
        }

        await FinishAsync().ConfigureAwait(false);
        ExceptionDispatchInfo.Throw(failure);
        return false;
    }

    private bool CanRestart
        => _policy.Stream.OnLateFailure == LateFailureAction.Restart
            && _run!.CanRestart
            && StreamUpdates.TryDescribe(new RetryStatus(_run.Attempts + 1, _policy.Retry.MaxAttempts, TimeSpan.Zero, "") { IsRestart = true }, _validator, out _);

    private async ValueTask<bool> RestartAsync()
    {
        await CloseAttemptAsync().ConfigureAwait(false);
        (_wasGivenAll, _shown) = (false, 0);
        _handover!.Reopen();
        Open(_run!.RestartAsync());
        return await AdvanceAsync().ConfigureAwait(false);
    }

    private void RollBackLate(string reason, CallOutcome outcome, string message)
    {
        _isSettled = true;
        _policy.Keeper.Rollback(_context.Transaction, reason);
        Log.StreamFailedLate(_policy.Runtime.Logger, LogId, LogText.Clean(message), _shown);
        CallEngine.End(_policy, _context.ModelId, outcome);
        _run!.NoteEnd(success: false);
    }

    // Charged if what the reader was given is valid as it stands. As long as not all of what was held is given, it is not: otherwise it would not have been held.
    private async ValueTask LeaveAsync()
    {
        if (_isSettled)
        {
            return;
        }

        _isSettled = true;
        ValidationResult? given = GivenVerdict();
        _run!.Trace?.Leave(given);
        bool isCharged = given is { IsValid: true };
        try
        {
            if (given is { } verdict && (verdict.IsValid || verdict.Reason == RejectionReason.ContentFilter))
            {
                await SettleAsync(verdict).ConfigureAwait(false);
            }
            else
            {
                _policy.Keeper.Rollback(_context.Transaction, _life.IsCancellationRequested ? RollbackReasons.Cancelled : RollbackReasons.LeftEarly);
                CallEngine.End(_policy, _context.ModelId, CallOutcome.Cancelled);
                _run!.NoteEnd(success: false);
            }
        }
        catch (Exception)
        {
            // Not charged, and accounted for. Whoever has left is not told.
            isCharged = false;
        }

        Log.StreamLeft(_policy.Runtime.Logger, LogId, isCharged, _shown);
    }

    private ValidationResult? GivenVerdict()
    {
        if (!_wasGivenAll || _shown == 0)
        {
            return null;
        }

        try
        {
            return _attempt!.Judge.Complete();
        }
        catch (Exception)
        {
            return null;
        }
    }

    private async ValueTask FinishAsync()
    {
        _phase = Phase.Settled;
        _run?.Trace?.End();
        await CloseAttemptAsync().ConfigureAwait(false);
        _life.Dispose();
    }

    private async ValueTask CloseAttemptAsync()
    {
        _open = null;
        if (_attempt is { } attempt)
        {
            _attempt = null;
            _leaving.Unregister();
            await StreamCall<TState, T>.CloseAsync(attempt, _policy, LogId).ConfigureAwait(false);
        }
    }

    private void CancelLife()
    {
        try
        {
            _life.Cancel();
        }
        catch (Exception e) when (e is ObjectDisposedException or AggregateException)
        {
            // The stream has just come to its end, or somebody's own callback failed.
        }
    }
}
