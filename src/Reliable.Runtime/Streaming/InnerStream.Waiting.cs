using Reliable.Retry;

namespace Reliable.Streaming;

// Waiting: the one word that says whether anybody does, and the timer that ends it.
//
// 1. Whoever takes a wait from Awaited or Silent to another state ends it, and nobody else does: a wait ends once.
// 2. A wait is published before its owner looks at the cancellation and at the timer, and those look at the word after they have written theirs: whichever
//    comes second sees the other. So a wait has a timer that is not too late, and one that begins cancelled has its grace. The fence that this needs is on
//    the side of those two, which come once in a stream's life, for every thread of the process; an update that is waited for pays nothing for it.
// 3. What belongs to a wait (its beginning, its waiter) is written before it is published. A timer that reads what belongs to a later wait fails to end the
//    one it looked at.
internal sealed partial class InnerStream<T>
{
    private const long Never = long.MaxValue;

    // Held by the slow paths alone: arming and firing the timer, and being cancelled.
    private readonly Lock _gate = new();
    private readonly Action _onMoved;
    private long _wait;
    private IStreamWaiter? _waiter;
    private StreamWake _wokenBy;
    private bool _wasSilent;
    private long _silenceMs;
    private long _silentSinceMs;
    private long _holdEndsMs = Never;
    private long _graceEndsMs = Never;
    private ITimer? _timer;
    private long _timerDueMs = Never;

    /// <summary>Until when updates may be held; whoever waits then is woken.</summary>
    public void HoldUntil(long endsMs) => Volatile.Write(ref _holdEndsMs, endsMs);

    public void EndHold() => Volatile.Write(ref _holdEndsMs, Never);

    /// <summary>Waits for the move that is under way.</summary>
    /// <param name="waiter">Who is told that it ended; <see langword="null"/> for whoever awaits <see cref="MoveAsync"/>.</param>
    public void Wait(IStreamWaiter? waiter)
    {
        if (_waiter != waiter)
        {
            _waiter = waiter;
        }

        long wait = Volatile.Read(ref _wait);
        if (StreamWait.StateOf(wait) == StreamWait.Idle)
        {
            // Nobody but the owner takes the word out of this state.
            _silentSinceMs = NowMs;
            Volatile.Write(ref _wait, StreamWait.Next(wait));
            Attend();
            _move.UnsafeOnCompleted(_onMoved);
            return;
        }

        while (StreamWait.StateOf(wait) != StreamWait.Moved)
        {
            long found = Interlocked.CompareExchange(ref _wait, StreamWait.Next(wait), wait);
            if (found == wait)
            {
                Attend();
                return;
            }

            wait = found;
        }

        Volatile.Write(ref _wait, StreamWait.Become(wait, StreamWait.Idle));
        Wake(StreamWake.Moved);
    }

    /// <summary>Tells the model's client to stop. Whoever waits goes on when it does, or a moment later.</summary>
    public void Cancel()
    {
        try
        {
            _cancellation.Cancel();
        }
        catch (AggregateException)
        {
            // Whoever registered for the cancellation and failed has other ways to say so; the stream is stopped all the same.
        }

        Interlocked.MemoryBarrierProcessWide();
        lock (_gate)
        {
            if (StreamWait.IsWaitedFor(Volatile.Read(ref _wait)))
            {
                StartGrace();
            }
        }
    }

    private bool TryTakeMoved(out StreamStep step)
    {
        long wait = Volatile.Read(ref _wait);
        if (StreamWait.StateOf(wait) != StreamWait.Moved)
        {
            step = default;
            return false;
        }

        Volatile.Write(ref _wait, StreamWait.Become(wait, StreamWait.Idle));
        step = TakeMove();
        return true;
    }

    private bool TryAbandon()
    {
        long wait = Volatile.Read(ref _wait);
        return StreamWait.StateOf(wait) == StreamWait.Unattended
            && Interlocked.CompareExchange(ref _wait, StreamWait.Become(wait, StreamWait.Abandoned), wait) == wait;
    }

    private void OnMoved()
    {
        long wait = Volatile.Read(ref _wait);
        while (true)
        {
            long next = StreamWait.StateOf(wait) switch
            {
                StreamWait.Awaited or StreamWait.Silent => StreamWait.Idle,
                StreamWait.Unattended => StreamWait.Moved,
                _ => StreamWait.Abandoned,
            };
            long found = Interlocked.CompareExchange(ref _wait, StreamWait.Become(wait, next), wait);
            if (found == wait)
            {
                break;
            }

            wait = found;
        }

        switch (StreamWait.StateOf(wait))
        {
            case StreamWait.Awaited:
                Wake(StreamWake.Moved);
                break;
            case StreamWait.Silent:
                // The timer says so as well, and may not have come to it.
                _wasSilent = true;
                Wake(StreamWake.Moved);
                break;
            case StreamWait.Abandoned:
                _ = DisposeAbandonedAsync();
                break;
            default:
                break;
        }
    }

    private void Wake(StreamWake by)
    {
        if (_wokenBy != by)
        {
            _wokenBy = by;
        }

        if (_waiter is { } waiter)
        {
            waiter.OnStep();
        }
        else
        {
            _wake.SetResult(true);
        }
    }

    private void Attend()
    {
        if (_cancellation.IsCancellationRequested || NextDueMs() < Volatile.Read(ref _timerDueMs))
        {
            AttendSlowly();
        }
    }

    private void AttendSlowly()
    {
        lock (_gate)
        {
            if (_cancellation.IsCancellationRequested)
            {
                StartGrace();
            }
            else
            {
                Arm(NextDueMs());
            }
        }
    }

    // Under the gate, as what follows.
    private void StartGrace()
    {
        if (_graceEndsMs == Never)
        {
            _graceEndsMs = NowMs + (long)Grace.TotalMilliseconds;
        }

        Arm(_graceEndsMs);
    }

    // One timer for the life of the stream. One that is due too early costs a look at the clock: less than setting it again for every update.
    private void Arm(long dueMs)
    {
        if (dueMs >= _timerDueMs)
        {
            return;
        }

        Volatile.Write(ref _timerDueMs, dueMs);
        TimeSpan wait = TimeSpan.FromMilliseconds(Math.Max(dueMs - NowMs, 1));
        if (_timer is null)
        {
            _timer = _time.CreateTimer(static state => ((InnerStream<T>)state!).OnTimer(), this, wait, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        StreamWake by;
        lock (_gate)
        {
            Volatile.Write(ref _timerDueMs, Never);
            Interlocked.MemoryBarrierProcessWide();
            long wait = Volatile.Read(ref _wait);
            if (!StreamWait.IsWaitedFor(wait))
            {
                return;
            }

            long now = NowMs;
            long due = NextDueMs();
            if (now < due)
            {
                Arm(due);
                return;
            }

            bool isGraceOver = _graceEndsMs != Never;
            bool isHoldOver = !isGraceOver && now >= Volatile.Read(ref _holdEndsMs);
            by = isGraceOver ? StreamWake.GivenUp : isHoldOver ? StreamWake.HoldOver : StreamWake.Moved;
            long next = StreamWait.Become(wait, by == StreamWake.Moved ? StreamWait.Silent : StreamWait.Unattended);
            if (Interlocked.CompareExchange(ref _wait, next, wait) != wait)
            {
                // Something has come after all. Whoever waits for the next will set the timer again.
                return;
            }

            if (by == StreamWake.Moved)
            {
                _wasSilent = true;
            }
            else if (isHoldOver)
            {
                EndHold();
            }
        }

        if (by == StreamWake.Moved)
        {
            Cancel();
        }
        else
        {
            Wake(by);
        }
    }

    private long NextDueMs()
    {
        long grace = Volatile.Read(ref _graceEndsMs);
        if (grace != Never)
        {
            return grace;
        }

        long silence = _silenceMs;
        return Math.Min(Volatile.Read(ref _holdEndsMs), silence > 0 ? _silentSinceMs + silence : Never);
    }

    private StreamTimeoutException SilenceFailure()
        => _hasUpdates
            ? new($"No update for {_settings.IdleTimeout:c}")
            : new($"No first update for {_settings.FirstUpdateTimeout:c}");

    private void DisposeTimer()
    {
        lock (_gate)
        {
            _timer?.Dispose();
        }
    }
}
