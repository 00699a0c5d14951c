using Reliable.Diagnostics;
using Reliable.Streaming;

namespace Reliable.Calls;

/// <summary>
/// One streamed call: opening, handing out what was held, passing on what follows, and settling the transaction, once, however it ends.
/// </summary>
/// <remarks>
/// Everything but <c>_turn</c> belongs to whoever has the turn. A reader that disposes while its own move is under way does not take the turn away: it asks, the
/// move is made to end, and gives way. So no ending ever meets another.
/// </remarks>
internal sealed partial class StreamRun<TState, T> : IAsyncEnumerator<T>
{
    private readonly StreamedCall<TState, T> _call;
    private readonly BoundPolicy _policy;
    private readonly CancellationTokenSource _life;
    private readonly IStreamValidator<T>? _validator;
    private readonly Handover<T>? _handover;
    private CallContext _context;
    private StreamRetryRun<TState, T>? _run;
    private ValueTask<StreamAttempt<T>> _opening;
    private StreamAttempt<T>? _attempt;
    private CancellationTokenRegistration _leaving;
    private Phase _phase;
    private bool _isSettled = true;
    private bool _wasGivenAll;
    private int _shown;
    private T? _current;

    private int _turn;
    private TaskCompletionSource? _disposal;

    public StreamRun(StreamedCall<TState, T> call, BoundPolicy policy, CancellationTokenSource life)
    {
        _call = call;
        _policy = policy;
        _life = life;
        _context = call.Context;
        _validator = policy.StreamValidator<T>();
        StreamSettings settings = policy.Stream;
        _handover = StreamUpdates.CanPass<T>(settings.PassDuringHold) || settings.StatusUpdates || settings.OnLateFailure == LateFailureAction.Restart
            ? new Handover<T>()
            : null;
    }

    private enum Phase
    {
        /// <summary>Nothing has happened.</summary>
        New = 0,

        /// <summary>An attempt is made, and what comes of it is held.</summary>
        Holding,

        /// <summary>Its answer may be shown: what was held goes out.</summary>
        Releasing,

        /// <summary>All of it is out, and what follows goes straight through.</summary>
        Open,

        /// <summary>It is over.</summary>
        Settled,
    }

    public T Current => _current!;

    // The answer has ended, was found invalid, or failed; or its reader asked to leave while an update came. One that was judged is then given to it all the same:
    // the verdict is on what it was given.
    private async ValueTask<bool> ConcludeAsync(StreamAttempt<T> attempt, Exception? failure, bool isShown)
    {
        bool moved = isShown;
        try
        {
            if (failure is not null)
            {
                moved = await FailAsync(attempt, failure).ConfigureAwait(false);
            }
            else if (!isShown && Volatile.Read(ref _turn) == Turn.Moving)
            {
                moved = await EndAsync(attempt).ConfigureAwait(false);
            }
        }
        catch (Exception) when (Volatile.Read(ref _turn) == Turn.Leaving)
        {
            // Its reader does not want to know any more.
        }
        finally
        {
            await EndTurnAsync().ConfigureAwait(false);
        }

        return moved;
    }

    private async ValueTask<bool> TakeTurnAsync()
    {
        bool moved = false;
        try
        {
            moved = _moveState == MoveState.Untaken ? throw TwoReaders() : await AdvanceAsync().ConfigureAwait(false);
        }
        catch (Exception) when (Volatile.Read(ref _turn) == Turn.Leaving)
        {
            // Its reader does not want to know any more.
        }
        finally
        {
            await EndTurnAsync().ConfigureAwait(false);
        }

        return moved;
    }

    private async ValueTask<bool> AdvanceAsync()
    {
        switch (_phase)
        {
            case Phase.New:
                await BeginAsync().ConfigureAwait(false);
                return await AdvanceAsync().ConfigureAwait(false);
            case Phase.Holding:
                return await WaitForAnswerAsync().ConfigureAwait(false);
            case Phase.Releasing when _life.IsCancellationRequested:
                return await FailAsync(_attempt!, new OperationCanceledException(_life.Token)).ConfigureAwait(false);
            case Phase.Releasing:
                return Release(_attempt!) || await EndAsync(_attempt!).ConfigureAwait(false);
            default:
                return false;
        }
    }

    private async ValueTask BeginAsync()
    {
        _phase = Phase.Settled;
        _context = await CallEngine.BeginCallAsync(_policy, RolloutMode.On, _context, _life.Token).ConfigureAwait(false);
        _isSettled = false;
        var call = new StreamCall<TState, T>(_call, _policy, LogId, _handover);
        Action<RetryStatus>? notice = _handover is null ? null : Notify;
        _run = new StreamRetryRun<TState, T>(call, _policy, _context, _policy.Runtime.NowMs, notice, _life.Token);
        Open(_run.CompleteAsync());
    }

    private void Open(ValueTask<StreamAttempt<T>> opening)
    {
        _phase = Phase.Holding;
        _opening = _handover is null ? opening : new(OpenAsync(opening, _handover));
    }

    private static async Task<StreamAttempt<T>> OpenAsync(ValueTask<StreamAttempt<T>> opening, Handover<T> handover)
    {
        try
        {
            return await opening.ConfigureAwait(false);
        }
        finally
        {
            handover.Close();
        }
    }

    private async ValueTask<bool> WaitForAnswerAsync()
    {
        if (_handover is not null && await _handover.NextAsync().ConfigureAwait(false))
        {
            _current = _handover.Current;
            return true;
        }

        try
        {
            _attempt = await _opening.ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The run has settled the transaction, and said why.
            _isSettled = true;
            await FinishAsync().ConfigureAwait(false);
            throw;
        }

        _phase = Phase.Releasing;
        _leaving = _life.Token.UnsafeRegister(static attempt => ((StreamAttempt<T>)attempt!).Cancel(), _attempt);
        return Volatile.Read(ref _turn) == Turn.Moving && await AdvanceAsync().ConfigureAwait(false);
    }

    private bool Release(StreamAttempt<T> attempt)
    {
        if (attempt.Held.IsEmpty)
        {
            _wasGivenAll = true;
            return false;
        }

        _current = attempt.Held.Take();
        _shown++;
        if (attempt.Held.IsEmpty)
        {
            _wasGivenAll = true;
            if (!attempt.HasEnded)
            {
                _phase = Phase.Open;
                (_open, _judge) = (attempt.Inner, attempt.Judge);
            }
        }

        return true;
    }

    private void Notify(RetryStatus status)
    {
        if ((status.IsRestart || _policy.Stream.StatusUpdates) && StreamUpdates.TryDescribe(status, _validator, out T? update))
        {
            _handover!.Offer(update);
        }
    }

    private string LogId => _context.LogId(_policy);
}
