using System.Threading.Tasks.Sources;
using Reliable.Streaming;

namespace Reliable.Calls;

// The reader's moves. After release they cost no state machine: the run itself is what a reader waits for, and is told by the attempt when there is an update.
internal sealed partial class StreamRun<TState, T> : IValueTaskSource<bool>, IStreamWaiter
{
    private static readonly ContextCallback s_takeStep = static run => ((StreamRun<TState, T>)run!).TakeStep();
    private static readonly ContextCallback s_conclude = static run => _ = ((StreamRun<TState, T>)run!).ConcludeWaitAsync();

    private ManualResetValueTaskSourceCore<bool> _move;
    private ExecutionContext? _reader;
    private Exception? _failure;

    // The end of a wait has been told, and its reader has not come for it; and when it has, the source of waits has to be made new.
    private bool _isUntaken;
    private bool _isStale;

    public ValueTask<bool> MoveNextAsync()
    {
        if (Interlocked.CompareExchange(ref _turn, Turn.Moving, Turn.Idle) != Turn.Idle)
        {
            return OutOfTurn();
        }

        if (_open is not { } attempt || _isUntaken)
        {
            return TakeTurnAsync();
        }

        Exception? failure = null;
        try
        {
            _life.Token.ThrowIfCancellationRequested();
            if (!attempt.TryMove(out StreamStep step))
            {
                return Wait(attempt);
            }

            if (step == StreamStep.Update && TryShow(attempt) && Interlocked.CompareExchange(ref _turn, Turn.Idle, Turn.Moving) == Turn.Moving)
            {
                return new(true);
            }
        }
        catch (Exception e)
        {
            failure = e;
        }

        return ConcludeAsync(attempt, failure);
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        // Throws where the token is that of another move.
        _move.GetStatus(token);
        _isStale = true;
        _isUntaken = false;
        return _move.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _move.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _move.OnCompleted(continuation, state, token, flags);

    // The judge of an application, and everything that ends a stream, run in the context of the reader, whichever thread brought the news.
    void IStreamWaiter.OnStep()
    {
        if (_validator is null)
        {
            TakeStep();
        }
        else
        {
            InReadersContext(s_takeStep);
        }
    }

    private ValueTask<bool> Wait(StreamAttempt<T> attempt)
    {
        if (_isStale)
        {
            _isStale = false;
            _move.Reset();
        }

        _reader = ExecutionContext.Capture();
        short version = _move.Version;
        attempt.Wait(this);
        return new(this, version);
    }

    private void TakeStep()
    {
        StreamAttempt<T> attempt = _open!;
        bool isShown = false;
        _isUntaken = true;
        try
        {
            isShown = attempt.TakeStep() == StreamStep.Update && Volatile.Read(ref _turn) == Turn.Moving && TryShow(attempt)
                && Interlocked.CompareExchange(ref _turn, Turn.Idle, Turn.Moving) == Turn.Moving;
        }
        catch (Exception e)
        {
            _failure = e;
        }

        if (isShown)
        {
            _move.SetResult(true);
        }
        else
        {
            InReadersContext(s_conclude);
        }
    }

    private void InReadersContext(ContextCallback callback)
    {
        if (_reader is { } reader)
        {
            ExecutionContext.Run(reader, callback, this);
        }
        else
        {
            callback(this);
        }
    }

    private async Task ConcludeWaitAsync()
    {
        bool moved;
        Exception? failure = _failure;
        _failure = null;
        try
        {
            moved = await ConcludeAsync(_open!, failure).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _move.SetException(e);
            return;
        }

        _move.SetResult(moved);
    }

    private bool TryShow(StreamAttempt<T> attempt)
    {
        T update = attempt.Current;
        attempt.Judge.Add(update);
        if (attempt.Judge.IsLost)
        {
            return false;
        }

        _current = update;
        _shown++;
        return true;
    }

    private ValueTask<bool> OutOfTurn() => Volatile.Read(ref _turn) == Turn.Moving ? throw TwoReaders() : new(false);

    private static InvalidOperationException TwoReaders()
        => new("The stream is asked for its next update while it still waits for the one before, or has not handed it out. Enumerate it from one place at a time, and await each move once.");
}
