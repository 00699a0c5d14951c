using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Reliable.Streaming;

/// <summary>
/// The stream of one attempt. Waiting for its next update can be ended from outside (by its reader's cancellation, by the model's silence, by the end of the
/// hold) also where the model's client does not listen to its token. Waiting allocates nothing, and a move that completes at once costs neither clock nor timer.
/// </summary>
/// <remarks>
/// One thread at a time moves and closes: the owner. The rest is in the other part, and in <see cref="StreamWait"/>.
/// </remarks>
internal sealed partial class InnerStream<T> : IValueTaskSource<StreamStep>, IAsyncDisposable
{
    /// <summary>How long a client that was told to stop may take before it is left alone.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly StreamSettings _settings;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _cancellation = new();
    private IAsyncEnumerator<T>? _inner;
    private ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter _move;
    private ManualResetValueTaskSourceCore<bool> _wake;
    private bool _isMoving;
    private bool _wasGivenUp;
    private bool _hasUpdates;

    public InnerStream(StreamSettings settings, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        _silenceMs = (long)settings.FirstUpdateTimeout.TotalMilliseconds;
        _onMoved = OnMoved;
    }

    /// <summary>The update that was moved to.</summary>
    public T Current => _inner!.Current;

    /// <summary>What the model call is given.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>Milliseconds on a cheap monotonic clock.</summary>
    public long NowMs => ReferenceEquals(_time, TimeProvider.System) ? Environment.TickCount64 : _time.GetTimestamp() / (_time.TimestampFrequency / 1_000);

    /// <summary>What the model's client threw when it was disposed: too late to change anything.</summary>
    public Exception? DisposeFailure { get; private set; }

    public void Start(IAsyncEnumerable<T> source) => _inner = source.GetAsyncEnumerator(Token);

    /// <summary>Moves on, or goes on waiting for the move that was under way when the hold ended.</summary>
    public ValueTask<StreamStep> MoveAsync()
    {
        if (TryMove(out StreamStep step))
        {
            return new(step);
        }

        _wake.Reset();
        short version = _wake.Version;
        Wait(waiter: null);
        return new(this, version);
    }

    /// <summary>Moves on. Where there is nothing to move to yet, <see cref="Wait"/> comes next.</summary>
    public bool TryMove(out StreamStep step)
    {
        if (_isMoving)
        {
            return TryTakeMoved(out step);
        }

        ValueTask<bool> move = _inner!.MoveNextAsync();
        if (move.IsCompleted)
        {
            step = StepOf(move.GetAwaiter().GetResult());
            return true;
        }

        _move = move.ConfigureAwait(false).GetAwaiter();
        _isMoving = true;
        step = default;
        return false;
    }

    /// <summary>Says how a wait has ended.</summary>
    /// <exception cref="Exception">The model's, or that it was silent too long or did not stop when it was told to.</exception>
    public StreamStep TakeStep()
    {
        switch (_wokenBy)
        {
            case StreamWake.HoldOver:
                return StreamStep.HoldOver;
            case StreamWake.GivenUp:
                _wasGivenUp = true;
                throw _wasSilent ? SilenceFailure() : new OperationCanceledException(Token);
            default:
                return TakeMove();
        }
    }

    /// <summary>Disposes the inner stream; one that does not stop in time is disposed when it does.</summary>
    public async ValueTask DisposeAsync()
    {
        EndHold();
        if (_isMoving && !await StopAsync().ConfigureAwait(false))
        {
            return;
        }

        DisposeTimer();
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
                await disposing.AsTask().WaitAsync(Grace, _time).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            DisposeFailure = e;
        }
    }

    StreamStep IValueTaskSource<StreamStep>.GetResult(short token)
    {
        _wake.GetResult(token);
        return TakeStep();
    }

    ValueTaskSourceStatus IValueTaskSource<StreamStep>.GetStatus(short token) => _wake.GetStatus(token);

    void IValueTaskSource<StreamStep>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _wake.OnCompleted(continuation, state, token, flags);

    private StreamStep TakeMove()
    {
        _isMoving = false;
        if (_wasSilent)
        {
            // What a client says when it is told to stop is not what happened.
            Observe();
            throw SilenceFailure();
        }

        return StepOf(_move.GetResult());
    }

    private StreamStep StepOf(bool hasMoved)
    {
        if (!_hasUpdates)
        {
            _hasUpdates = true;
            _silenceMs = (long)_settings.IdleTimeout.TotalMilliseconds;
        }

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

        if (TryAbandon())
        {
            DisposeTimer();
            return false;
        }

        _isMoving = false;
        Observe();
        return true;
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
}
