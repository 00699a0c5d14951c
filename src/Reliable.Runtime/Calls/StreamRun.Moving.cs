using System.Threading.Tasks.Sources;
using Reliable.Streaming;

namespace Reliable.Calls;

// The reader's moves. After release they cost no state machine: the run itself is what a reader waits for, and is told by the attempt when there is an update.
internal sealed partial class StreamRun<TState, T> : IValueTaskSource<bool>, IStreamWaiter
{
    private static readonly ContextCallback s_takeStep = static run => ((StreamRun<TState, T>)run!).TakeStep();
    private static readonly ContextCallback s_conclude = static run => _ = ((StreamRun<TState, T>)run!).ConcludeWaitAsync();

    // Of the attempt whose answer is shown, and by that what says that there is one.
    private InnerStream<T>? _open;
    private StreamJudge<T>? _judge;
    private ManualResetValueTaskSourceCore<bool> _move;
    private MoveState _moveState;
    private ExecutionContext? _reader;
    private Exception? _failure;
    private bool _isShown;

    /// <summary>Where the source is that a reader waits for.</summary>
    private enum MoveState : byte
    {
        /// <summary>New, or waited for.</summary>
        Ready = 0,

        /// <summary>The wait is over, and its reader has not come for what it brought.</summary>
        Untaken,

        /// <summary>The reader has come for it. Before the next wait it has to be made new.</summary>
        Taken,
    }

    public ValueTask<bool> MoveNextAsync()
    {
        if (Interlocked.CompareExchange(ref _turn, Turn.Moving, Turn.Idle) != Turn.Idle)
        {
            return OutOfTurn();
        }

        if (_open is not { } open || _moveState == MoveState.Untaken)
        {
            return TakeTurnAsync();
        }

        bool isShown = false;
        Exception? failure = null;
        try
        {
            if (_life.IsCancellationRequested)
            {
                throw new OperationCanceledException(_life.Token);
            }

            if (!open.TryMove(out StreamStep step))
            {
                return Wait(open);
            }

            isShown = step == StreamStep.Update && TryShow(open);
            if (isShown && Interlocked.CompareExchange(ref _turn, Turn.Idle, Turn.Moving) == Turn.Moving)
            {
                return new(true);
            }
        }
        catch (Exception e)
        {
            failure = e;
        }

        return ConcludeAsync(_attempt!, failure, isShown);
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        bool moved = _move.GetResult(token);
        _moveState = MoveState.Taken;
        return moved;
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

    private ValueTask<bool> Wait(InnerStream<T> open)
    {
        if (_moveState == MoveState.Taken)
        {
            _moveState = MoveState.Ready;
            _move.Reset();
        }

        ExecutionContext? reader = ExecutionContext.Capture();
        if (_reader != reader)
        {
            _reader = reader;
        }

        short version = _move.Version;
        open.Wait(this);
        return new(this, version);
    }

    private void TakeStep()
    {
        InnerStream<T> open = _open!;
        _moveState = MoveState.Untaken;
        try
        {
            _isShown = open.TakeStep() == StreamStep.Update && Volatile.Read(ref _turn) == Turn.Moving && TryShow(open);
        }
        catch (Exception e)
        {
            _failure = e;
            _isShown = false;
        }

        if (_isShown && Interlocked.CompareExchange(ref _turn, Turn.Idle, Turn.Moving) == Turn.Moving)
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
            moved = await ConcludeAsync(_attempt!, failure, _isShown).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // It is over: whoever asks again is not told of this move, but that there is nothing more.
            _moveState = MoveState.Ready;
            _move.SetException(e);
            return;
        }

        _move.SetResult(moved);
    }

    private bool TryShow(InnerStream<T> open)
    {
        T update = open.Current;
        StreamJudge<T> judge = _judge!;
        judge.Add(update);
        if (judge.IsLost)
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
