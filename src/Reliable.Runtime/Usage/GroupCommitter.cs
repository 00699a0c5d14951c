using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Reliable.Configuration;
using Reliable.Diagnostics;
using Reliable.Transactions;

namespace Reliable.Usage;

/// <summary>
/// Carries charges to the store. Whatever arrived during the last round trip goes together in the next; one batch is on its way at a time, so the store's
/// answers come in its own order. Nothing runs while nothing waits.
/// </summary>
internal sealed class GroupCommitter : IThreadPoolWorkItem, IAsyncDisposable
{
    /// <summary>The most charges that may wait; then new calls are refused.</summary>
    public const int MaxPending = 100_000;

    private static readonly TimeSpan s_longestStop = TimeSpan.FromSeconds(5);

    private readonly IUsageStore _store;
    private readonly TimeProvider _time;
    private readonly Func<long> _nowMs;
    private readonly Func<CommitterSettings> _settings;
    private readonly StoreDay _day;
    private readonly ChargeJournal? _journal;
    private readonly Workers _workers;
    private readonly ChargeQueue _queue;
    private readonly CallerRelease _release;
    private readonly ChargeSender _sender;
    private readonly Func<PendingCharge, DateOnly?> _replayDayOf;
    private readonly CallerWatch _watch;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isRunning;

    public GroupCommitter(
        IUsageStore store,
        TimeProvider time,
        Func<long> nowMs,
        Func<CommitterSettings> settings,
        StoreDay day,
        ChargeJournal? journal,
        Func<Task> start,
        Workers workers,
        Instruments instruments,
        ILogger logger)
    {
        _store = store;
        _time = time;
        _nowMs = nowMs;
        _settings = settings;
        _day = day;
        _journal = journal;
        _workers = workers;
        _queue = new ChargeQueue(store.MaxBatchSize);
        _release = new CallerRelease(_queue, journal, day, nowMs, store.Name, instruments, logger);
        _sender = new ChargeSender(_queue, _release, store, start, time, nowMs, settings, day, journal, workers, instruments, logger, _stop.Token);
        _replayDayOf = _sender.ReplayDayOf;
        _watch = new CallerWatch(_queue, _release, settings, time);
    }

    /// <summary>How many charges are waiting or on their way.</summary>
    public int Pending => _queue.Count;

    /// <summary>Why no further charge can be taken now; <see langword="null"/> when one can.</summary>
    public string? Refusal
    {
        get
        {
            if (Pending >= MaxPending)
            {
                return $"{Pending} charges wait for {_store.Name}, as many as may";
            }

            return _journal?.Failure is { } failure && !_journal.TryRecover()
                ? $"the journal in '{_journal.Location}' cannot be written: {failure}"
                : null;
        }
    }

    /// <summary>Sends a charge; completes when the store has answered, or when the answer may leave without.</summary>
    public ValueTask<CommitResult> CommitAsync(Charge charge, Quota quota)
    {
        quota.Depart();
        if (_settings().Mode == CommitMode.Deferred)
        {
            return DeferAsync(charge, quota);
        }

        PendingCharge pending = PendingCharge.Rent(charge, quota, _nowMs(), _workers.Continuations);
        ValueTask<CommitResult> result = pending.AsValueTask();
        Enqueue(pending, isAwaited: true);
        return result;
    }

    /// <summary>Sends a charge of an earlier run.</summary>
    public void Replay(Charge charge, Quota quota, DateOnly? day)
    {
        quota.Depart();
        var pending = PendingCharge.CreateDetached(charge, quota, day);
        pending.MarkTried(day);
        Enqueue(pending);
    }

    /// <summary>Waits until everything is in the store, or the deadline has come.</summary>
    /// <returns>How many charges are still on their way.</returns>
    public async ValueTask<int> DrainAsync(CancellationToken deadline)
    {
        while (Pending > 0 && !deadline.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), _time, deadline).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return Pending;
    }

    /// <summary>
    /// Stops. Callers that still wait are let go once their charges are in the journal; the next start replays them. One whose charge can be kept nowhere is
    /// told so instead.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelQuietlyAsync().ConfigureAwait(false);
        if (Interlocked.Exchange(ref _isRunning, 1) == 0)
        {
            // There is no loop, and none will start.
            _stopped.TrySetResult();
        }

        _release.LetEverybodyGo();
        await _watch.DisposeAsync().ConfigureAwait(false);

        // The loop lets go what it had in hand when it was stopped. The journal stays open until then, unless the store does not even answer a cancellation.
        await _stopped.Task.WaitAsync(s_longestStop, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private void Enqueue(PendingCharge pending, bool isAwaited = false)
    {
        _queue.Add(pending);
        if (_stop.IsCancellationRequested)
        {
            // Looked at after the charge is in the queue: either this sees the stop, or whoever stops sees the charge.
            _release.LetEverybodyGo();
        }
        else if (Interlocked.Exchange(ref _isRunning, 1) == 0)
        {
            Start(isAwaited);
        }
    }

    // The first batch is sent by the caller who woke the loop and waits for it, up to where he waits for the store: waking another thread would take longer.
    // The loop outlives the call, so it gets nothing of the caller's context.
    private void Start(bool onThisThread)
    {
        if (!onThisThread || SynchronizationContext.Current is not null || TaskScheduler.Current != TaskScheduler.Default)
        {
            _workers.Run(this);
        }
        else if (ExecutionContext.IsFlowSuppressed())
        {
            _ = RunAsync();
        }
        else
        {
            using (ExecutionContext.SuppressFlow())
            {
                _ = RunAsync();
            }
        }
    }

    private async ValueTask<CommitResult> DeferAsync(Charge charge, Quota quota)
    {
        DateOnly? day = _day.At(_nowMs());
        if (_journal is not null && !(_release.TryKeep(charge, day) && await _journal.TryFlushAsync().ConfigureAwait(false)))
        {
            // The journal cannot keep it: this answer waits for the database instead.
            PendingCharge pending = PendingCharge.Rent(charge, quota, _nowMs(), _workers.Continuations);
            ValueTask<CommitResult> result = pending.AsValueTask();
            Enqueue(pending, isAwaited: true);
            CommitResult settled = await result.ConfigureAwait(false);
            if (settled.Status != CommitStatus.Deferred)
            {
                _journal.MarkSettled(charge.TransactionId);
            }

            return settled;
        }

        Enqueue(PendingCharge.CreateDetached(charge, quota, firstTriedOn: day));
        return new CommitResult(CommitStatus.Deferred);
    }

    // All in one method: every further one that has to wait costs a caller who is alone.
    private async Task RunAsync()
    {
        (PendingCharge? Pending, CommitResult Result) last;
        while (true)
        {
            int count = _stop.IsCancellationRequested ? 0 : _queue.Take(_replayDayOf, _nowMs());
            last = _sender.TakeLast();
            if (count == 0 && (_stop.IsCancellationRequested || TryRest()))
            {
                break;
            }

            last.Pending?.Answer(last.Result, onThisThread: false);
            if (count == 0)
            {
                continue;
            }

            _watch.Start();
            try
            {
                Task sending = _sender.SendAsync(0, count);
                bool wasInPlace = sending.IsCompleted;
                await sending.ConfigureAwait(false);
                if (wasInPlace && !_queue.IsEmpty)
                {
                    // A store that answers in place: the others are not for the caller who woke the loop to send.
                    await Task.Yield();
                }
            }
            catch (Exception)
            {
                // A store of the application's own threw where it had to say what a failure means. The charges go again, under their ids; nobody else may be kept waiting.
                _queue.RequeueBatch(count);
                await Task.Delay(ChargeSender.LongestDelay, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (!_stop.IsCancellationRequested)
            {
                _queue.EndBatch();
            }

            await GatherAsync(count).ConfigureAwait(false);
        }

        if (_stop.IsCancellationRequested)
        {
            // What the loop was about to send when whoever stopped it looked around.
            _release.LetEverybodyGo();
            _stopped.TrySetResult();
        }

        // The last caller is told on this thread: nothing is left to do that he could hold up.
        last.Pending?.Answer(last.Result, onThisThread: true);
    }

    // Says so before looking once more: who enqueues after that look finds the flag down and starts the loop again.
    private bool TryRest()
    {
        Volatile.Write(ref _isRunning, 0);
        return _queue.IsEmpty || Interlocked.Exchange(ref _isRunning, 1) != 0;
    }

    // Callers that go on at the same moment come back at the same moment: a short wait keeps them from splitting into two half-size batches.
    private async Task GatherAsync(int justCompleted)
    {
        if (justCompleted < 2)
        {
            return;
        }

        long since = Stopwatch.GetTimestamp();
        while (Pending < justCompleted && Stopwatch.GetElapsedTime(since) < _workers.GatherTime)
        {
            await Task.Yield();
        }
    }
}
