using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using Reliable.Retry;

namespace Reliable.Streaming;

/// <summary>
/// The stream of one attempt. Waiting for its next update can be ended from outside (by its reader's cancellation, by the model's silence, by the end of the
/// hold) also where the model's client does not listen to its token. Waiting allocates nothing, and a move that completes at once costs neither clock nor timer.
/// </summary>
/// <remarks>
/// One thread at a time moves and closes: the owner. Fields under the gate are also touched by the timer, by whoever cancels, and by the inner stream when a
/// move completes. Of those, whoever finds a wait under way ends it; nobody else does, so that a wait ends once.
/// </remarks>
internal sealed class InnerStream<T>(StreamSettings settings, TimeProvider time) : IValueTaskSource<StreamStep>, IAsyncDisposable
{
    /// <summary>How long a client that was told to stop may take before it is left alone.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private const long Never = long.MaxValue;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _cancellation = new();
    private IAsyncEnumerator<T>? _inner;
    private ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter _move;
    private Action? _onMoved;
    private bool _isMoving;
    private bool _wasGivenUp;
    private bool _hasUpdates;

    private ManualResetValueTaskSourceCore<Wake> _wake;
    private StreamTimeoutException? _timeout;
    private ITimer? _timer;
    private long _timerDueMs = Never;
    private long _silentSinceMs;
    private long _holdEndsMs = Never;
    private long _graceEndsMs = Never;
    private bool _hasMoved;
    private bool _isWaiting;
    private bool _isAbandoned;

    private enum Wake : byte
    {
        Moved,
        HoldOver,
        GivenUp,
    }

    /// <summary>The update that was moved to.</summary>
    public T Current => _inner!.Current;

    /// <summary>What the model call is given.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>Milliseconds on a cheap monotonic clock.</summary>
    public long NowMs => ReferenceEquals(time, TimeProvider.System) ? Environment.TickCount64 : time.GetTimestamp() / (time.TimestampFrequency / 1_000);

    public void Start(IAsyncEnumerable<T> source) => _inner = source.GetAsyncEnumerator(Token);

    /// <summary>Until when updates may be held; whoever waits then is woken.</summary>
    public void HoldUntil(long endsMs) => Volatile.Write(ref _holdEndsMs, endsMs);

    public void EndHold() => Volatile.Write(ref _holdEndsMs, Never);

    /// <summary>Moves on, or goes on waiting for the move that was under way when the hold ended.</summary>
    public ValueTask<StreamStep> MoveAsync()
    {
        if (_isMoving)
        {
            return WaitAgain();
        }

        ValueTask<bool> move = _inner!.MoveNextAsync();
        if (move.IsCompleted)
        {
            return new(StepOf(move.GetAwaiter().GetResult()));
        }

        _move = move.ConfigureAwait(false).GetAwaiter();
        _onMoved ??= OnMoved;
        _isMoving = true;
        short version;
        lock (_gate)
        {
            _hasMoved = false;
            _silentSinceMs = NowMs;
            version = BeginWait();
        }

        _move.UnsafeOnCompleted(_onMoved);
        return new(this, version);
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

        lock (_gate)
        {
            if (_isWaiting)
            {
                StartGrace();
            }
        }
    }

    /// <summary>What the model's client threw when it was disposed: too late to change anything.</summary>
    public Exception? DisposeFailure { get; private set; }

    /// <summary>Disposes the inner stream; one that does not stop in time is disposed when it does.</summary>
    public async ValueTask DisposeAsync()
    {
        EndHold();
        if (_isMoving && !await StopAsync().ConfigureAwait(false))
        {
            return;
        }

        Timer()?.Dispose();
        if (_inner is not { } inner)
        {
            return;
        }

        _inner = null;
        try
        {
            ValueTask disposing = inner.DisposeAsync();
            if (!disposing.IsCompletedSuccessfully)
            {
                await disposing.AsTask().WaitAsync(Grace, time).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            DisposeFailure = e;
        }
    }

    StreamStep IValueTaskSource<StreamStep>.GetResult(short token)
    {
        switch (_wake.GetResult(token))
        {
            case Wake.HoldOver:
                return StreamStep.HoldOver;
            case Wake.GivenUp:
                _wasGivenUp = true;
                throw _timeout as Exception ?? new OperationCanceledException(Token);
            default:
                return TakeMove();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<StreamStep>.GetStatus(short token) => _wake.GetStatus(token);

    void IValueTaskSource<StreamStep>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _wake.OnCompleted(continuation, state, token, flags);

    private ValueTask<StreamStep> WaitAgain()
    {
        lock (_gate)
        {
            if (!_hasMoved)
            {
                return new(this, BeginWait());
            }
        }

        return new(TakeMove());
    }

    private StreamStep TakeMove()
    {
        _isMoving = false;
        if (_timeout is { } timeout)
        {
            // What a client says when it is told to stop is not what happened.
            Observe();
            throw timeout;
        }

        return StepOf(_move.GetResult());
    }

    private StreamStep StepOf(bool hasMoved)
    {
        _hasUpdates = true;
        return hasMoved ? StreamStep.Update : StreamStep.End;
    }

    private void Observe()
    {
        try
        {
            _move.GetResult();
        }
        catch (Exception)
        {
            // Only so that nobody finds it unobserved.
        }
    }

    // Whether the move that is under way has come to its end, or will be waited for by nobody.
    private async ValueTask<bool> StopAsync()
    {
        Cancel();
        try
        {
            if (!_wasGivenUp)
            {
                await MoveAsync().ConfigureAwait(false);
            }
        }
        catch (Exception)
        {
            // The attempt is over; how it would have gone on matters to nobody.
        }

        if (!_isMoving)
        {
            return true;
        }

        lock (_gate)
        {
            _isAbandoned = !_hasMoved;
        }

        if (_isAbandoned)
        {
            Timer()?.Dispose();
            return false;
        }

        _isMoving = false;
        Observe();
        return true;
    }

    private void OnMoved()
    {
        bool isWaiting;
        lock (_gate)
        {
            _hasMoved = true;
            isWaiting = _isWaiting;
            _isWaiting = false;
            if (_isAbandoned)
            {
                _ = DisposeAbandonedAsync();
            }
        }

        if (isWaiting)
        {
            _wake.SetResult(Wake.Moved);
        }
    }

    private async Task DisposeAbandonedAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Observe();
        try
        {
            await _inner!.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Its attempt has been over for a while.
        }
    }

    // Under the gate.
    private short BeginWait()
    {
        _wake.Reset();
        _isWaiting = true;
        if (_cancellation.IsCancellationRequested)
        {
            StartGrace();
        }
        else
        {
            Arm(NextDueMs());
        }

        return _wake.Version;
    }

    private void StartGrace()
    {
        if (_graceEndsMs == Never)
        {
            _graceEndsMs = NowMs + (long)Grace.TotalMilliseconds;
        }

        Arm(_graceEndsMs);
    }

    private long NextDueMs()
    {
        if (_graceEndsMs != Never)
        {
            return _graceEndsMs;
        }

        TimeSpan silence = Silence;
        return Math.Min(_holdEndsMs, silence > TimeSpan.Zero ? _silentSinceMs + (long)silence.TotalMilliseconds : Never);
    }

    private TimeSpan Silence => _hasUpdates ? settings.IdleTimeout : settings.FirstUpdateTimeout;

    // One timer for the life of the stream. One that is due too early costs a look at the clock: less than setting it again for every update.
    private void Arm(long dueMs)
    {
        if (dueMs >= _timerDueMs)
        {
            return;
        }

        _timerDueMs = dueMs;
        TimeSpan wait = TimeSpan.FromMilliseconds(Math.Max(dueMs - NowMs, 1));
        if (_timer is null)
        {
            _timer = time.CreateTimer(static state => ((InnerStream<T>)state!).OnTimer(), this, wait, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private ITimer? Timer()
    {
        lock (_gate)
        {
            return _timer;
        }
    }

    private void OnTimer()
    {
        bool isHoldOver;
        lock (_gate)
        {
            _timerDueMs = Never;
            if (!_isWaiting)
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

            isHoldOver = _graceEndsMs == Never && now >= _holdEndsMs;
            if (_graceEndsMs == Never && !isHoldOver)
            {
                _timeout = new StreamTimeoutException($"No {(_hasUpdates ? "update" : "first update")} for {Silence:c}");
            }
            else
            {
                _holdEndsMs = Never;
                _isWaiting = false;
            }
        }

        if (isHoldOver)
        {
            _wake.SetResult(Wake.HoldOver);
        }
        else if (_graceEndsMs != Never)
        {
            _wake.SetResult(Wake.GivenUp);
        }
        else
        {
            Cancel();
        }
    }
}
