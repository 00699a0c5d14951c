using System.Globalization;

namespace Reliable.Streaming;

/// <summary>One attempt at a streamed answer: its inner stream, what is held of it, and what is known of its worth.</summary>
internal sealed class StreamAttempt<T>(StreamSettings settings, StreamJudge<T> judge, TimeProvider time) : IAsyncDisposable
{
    private readonly InnerStream<T> _inner = new(settings, time);
    private long _startedMs;

    /// <summary>What is held back, or not handed out yet.</summary>
    public HoldBuffer<T> Held;

    public StreamJudge<T> Judge => judge;

    /// <summary>How long ago it began.</summary>
    public TimeSpan Age => TimeSpan.FromMilliseconds(_inner.NowMs - _startedMs);

    /// <summary>Whether the model has come to its end, so that there is nothing behind what is held.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether the answer was good enough when it was released; not so when the hold was over.</summary>
    public bool IsProved { get; private set; }

    /// <summary>Why the attempt has failed; <see langword="null"/> when its answer may be shown.</summary>
    public ValidationResult? Rejection { get; private set; }

    /// <summary>Tells the model's client to stop.</summary>
    public void Cancel() => _inner.Cancel();

    /// <summary>The stream itself, which is its reader's once the answer may be shown.</summary>
    public InnerStream<T> Inner => _inner;

    /// <inheritdoc cref="InnerStream{T}.DisposeFailure"/>
    public Exception? DisposeFailure => _inner.DisposeFailure;

    /// <summary>Throws away what is held and ends the inner stream.</summary>
    public ValueTask DisposeAsync()
    {
        Held.Clear();
        return _inner.DisposeAsync();
    }

    /// <summary>Holds updates back until they may be shown, or until it is certain that they may not.</summary>
    /// <param name="source">The model call.</param>
    /// <param name="handover">Takes what may pass meanwhile, or <see langword="null"/>.</param>
    /// <param name="opening">Cancelled when the attempt takes too long; without effect later.</param>
    public async ValueTask OpenAsync(Func<CancellationToken, IAsyncEnumerable<T>> source, Handover<T>? handover, CancellationToken opening)
    {
        CancellationTokenRegistration registration = opening.UnsafeRegister(static state => ((StreamAttempt<T>)state!).Cancel(), this);
        try
        {
            _startedMs = _inner.NowMs;
            _inner.Start(source(_inner.Token));
            await HoldAsync(handover).ConfigureAwait(false);
        }
        finally
        {
            registration.Unregister();
            _inner.EndHold();
        }

        // Proved in the moment in which its time was over: its stream has been told to stop, and cannot be shown.
        opening.ThrowIfCancellationRequested();
    }

    private async ValueTask HoldAsync(Handover<T>? handover)
    {
        long holdEndsMs = long.MaxValue;
        while (true)
        {
            StreamStep step = await _inner.MoveAsync().ConfigureAwait(false);
            if (step == StreamStep.HoldOver)
            {
                Exceed($"for {settings.MaxHold:c}");
                return;
            }

            if (step == StreamStep.End)
            {
                HasEnded = true;
                Conclude();
                return;
            }

            T update = _inner.Current;
            judge.Add(update);
            if (judge.IsLost)
            {
                Conclude();
                return;
            }

            IsProved = judge.MayShow();
            if (handover is not null && !IsProved && StreamUpdates.MayPass(update, settings.PassDuringHold))
            {
                await handover.OfferAsync(update).ConfigureAwait(false);
                continue;
            }

            Held.Add(update);
            if (IsProved)
            {
                return;
            }

            if (Held.Count == 1)
            {
                holdEndsMs = _inner.NowMs + (long)settings.MaxHold.TotalMilliseconds;
                _inner.HoldUntil(holdEndsMs);
            }

            if (Held.Count >= settings.MaxHeldUpdates)
            {
                Exceed(string.Create(CultureInfo.InvariantCulture, $"in {Held.Count} updates"));
                return;
            }

            if (_inner.NowMs >= holdEndsMs)
            {
                Exceed($"for {settings.MaxHold:c}");
                return;
            }
        }
    }

    // Judged to the end where it will not be shown, so that the next attempt knows why.
    private void Conclude()
    {
        ValidationResult verdict = judge.Complete();
        IsProved = verdict.IsValid || verdict.Reason == RejectionReason.ContentFilter;
        Rejection = IsProved ? null : verdict;
    }

    private void Exceed(string bound)
    {
        if (settings.OnHoldExceeded == HoldExceededAction.GiveUp)
        {
            throw new RetryableException($"No good answer {bound}");
        }
    }
}
