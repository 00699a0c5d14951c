using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
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

    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan s_longestStop = TimeSpan.FromSeconds(5);

    // A charge that went aside keeps the others waiting for a lock timeout whenever it is tried: not more often than this.
    private const long AsideMs = 10_000;

    private readonly IUsageStore _store;
    private readonly TimeProvider _time;
    private readonly Func<long> _nowMs;
    private readonly Func<CommitterSettings> _settings;
    private readonly StoreDay _day;
    private readonly ChargeJournal? _journal;
    private readonly Func<Task> _start;
    private readonly Workers _workers;
    private readonly Instruments _instruments;
    private readonly ILogger _logger;
    private readonly ITimer _watch;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Held while callers are let go and while a charge is parked: two that let the same caller go would take each other's journal record back.
    private readonly Lock _lettingGo = new();

    private readonly ConcurrentQueue<PendingCharge> _queue = new();

    // Charges that need a row somebody else holds. Each goes alone, when nothing else waits or its time has come.
    private readonly ConcurrentQueue<PendingCharge> _aside = new();
    private readonly PendingCharge?[] _batch;
    private readonly Charge[] _charges;
    private readonly ChargeResult[] _results;
    private int _batchSize;
    private int _pending;
    private int _isRunning;
    private int _failures;
    private int _journalHasFailed;
    private long _nextAsideMs;
    private PendingCharge? _heldBack;

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
        _start = start;
        _workers = workers;
        _instruments = instruments;
        _logger = logger;
        _batch = new PendingCharge?[store.MaxBatchSize];
        _charges = new Charge[store.MaxBatchSize];
        _results = new ChargeResult[store.MaxBatchSize];
        _watch = time.CreateTimer(static state => ((GroupCommitter)state!).LetOverdueGo(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many charges are waiting or on their way.</summary>
    public int Pending => Volatile.Read(ref _pending);

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
        Enqueue(pending);
        return result;
    }

    /// <summary>Sends a charge of an earlier run.</summary>
    public void Replay(Charge charge, Quota quota, DateOnly? day)
    {
        quota.Depart();
        Enqueue(PendingCharge.CreateDetached(charge, quota, day));
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
        await _stop.CancelAsync().ConfigureAwait(false);
        if (Interlocked.Exchange(ref _isRunning, 1) == 0)
        {
            // There is no loop, and none will start.
            _stopped.TrySetResult();
        }

        LetEverybodyGo();
        await _watch.DisposeAsync().ConfigureAwait(false);

        // The loop lets go what it had in hand when it was stopped. The journal stays open until then, unless the store does not even answer a cancellation.
        await _stopped.Task.WaitAsync(s_longestStop, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private void Enqueue(PendingCharge pending)
    {
        Interlocked.Increment(ref _pending);
        _queue.Enqueue(pending);
        if (_stop.IsCancellationRequested)
        {
            // Looked at after the charge is in the queue: either this sees the stop, or whoever stops sees the charge.
            LetEverybodyGo();
        }
        else if (Interlocked.Exchange(ref _isRunning, 1) == 0)
        {
            // On a thread of the pool, without the caller's context: the loop outlives the call that woke it.
            _workers.Run(this);
        }
    }

    private async ValueTask<CommitResult> DeferAsync(Charge charge, Quota quota)
    {
        DateOnly? day = _day.At(_nowMs());
        if (_journal is not null && !(TryKeep(charge, day) && await _journal.TryFlushAsync().ConfigureAwait(false)))
        {
            // The journal cannot keep it: this answer waits for the database instead.
            PendingCharge pending = PendingCharge.Rent(charge, quota, _nowMs(), _workers.Continuations);
            ValueTask<CommitResult> result = pending.AsValueTask();
            Enqueue(pending);
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

    private async Task RunAsync()
    {
        await RunUntilIdleAsync().ConfigureAwait(false);
        if (_stop.IsCancellationRequested)
        {
            // What the loop was about to send when whoever stopped it looked around.
            LetEverybodyGo();
            _stopped.TrySetResult();
        }
    }

    private async Task RunUntilIdleAsync()
    {
        StartWatch();
        while (!_stop.IsCancellationRequested)
        {
            int count = Take();
            if (count > 0)
            {
                await SendAndKeepGoingAsync(count).ConfigureAwait(false);
                await GatherAsync(count).ConfigureAwait(false);
                continue;
            }

            _watch.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

            // Say so before looking once more: who enqueues after that look finds the flag down and starts the loop again.
            Volatile.Write(ref _isRunning, 0);
            if (_queue.IsEmpty || Interlocked.Exchange(ref _isRunning, 1) != 0)
            {
                return;
            }

            StartWatch();
        }
    }

    private async Task SendAndKeepGoingAsync(int count)
    {
        try
        {
            await SendAsync(0, count).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The application's logger or listener threw. The charges it was about go again, under their ids; nobody else may be kept waiting for it.
            for (int i = 0; i < count; i++)
            {
                if (_batch[i] is { } unsettled)
                {
                    _batch[i] = null;
                    _queue.Enqueue(unsettled);
                }
            }

            await Task.Delay(s_longestDelay, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!_stop.IsCancellationRequested)
        {
            Volatile.Write(ref _batchSize, 0);
        }
    }

    // A batch has one set of terms: charges whose answers have left are counted in any case, those of an earlier day on that day.
    private int Take()
    {
        if (TryTakeAside())
        {
            return 1;
        }

        int count = 0;
        bool hasLeft = false;
        DateOnly? day = null;
        while (count < _batch.Length)
        {
            PendingCharge? next = _heldBack;
            _heldBack = null;
            if (next is null && !_queue.TryDequeue(out next))
            {
                break;
            }

            if (count == 0)
            {
                hasLeft = next.HasLeft;
                day = ReplayDayOf(next);
            }
            else if (next.HasLeft != hasLeft || ReplayDayOf(next) != day)
            {
                _heldBack = next;
                break;
            }

            _batch[count++] = next;
        }

        Volatile.Write(ref _batchSize, count);
        return count;
    }

    private bool TryTakeAside()
    {
        bool isTime = _nowMs() >= _nextAsideMs || (_queue.IsEmpty && _heldBack is null);
        if (!isTime || !_aside.TryDequeue(out PendingCharge? pending))
        {
            return false;
        }

        _batch[0] = pending;
        Volatile.Write(ref _batchSize, 1);
        return true;
    }

    private DateOnly? ReplayDayOf(PendingCharge pending)
        => pending.FirstTriedOn is { } day && (_day.At(_nowMs()) is not { } today || day < today) ? day : null;

    // Sends until the store has answered: all of it, or, when the store will never take it as it is, each half on its own.
    private async Task SendAsync(int start, int count)
    {
        int failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            bool isEnforced;
            try
            {
                await _start().ConfigureAwait(false);
                UsageTerms terms = TermsOf(start, count);
                await _store.SettleAsync(_charges.AsMemory(start, count), _results.AsMemory(start, count), terms, _stop.Token).ConfigureAwait(false);
                isEnforced = terms.EnforceLimit;
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (MeaningOf(e) == StoreFailure.Permanent)
            {
                await SplitAsync(start, count, e).ConfigureAwait(false);
                return;
            }
            catch (Exception e)
            {
                MarkTried(start, count);
                failures++;
                NoteFailure(e, count);
                if (MeaningOf(e) == StoreFailure.Contended && await TryStepAsideAsync(start, count, e).ConfigureAwait(false))
                {
                    return;
                }

                await Task.Delay(DelayAfter(failures), _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            Deliver(start, count, isEnforced);
            NoteSuccess();
            return;
        }
    }

    private UsageTerms TermsOf(int start, int count)
    {
        for (int i = start; i < start + count; i++)
        {
            _charges[i] = _batch[i]!.Charge;
        }

        PendingCharge first = _batch[start]!;
        bool allHaveLeft = true;
        for (int i = start; i < start + count; i++)
        {
            allHaveLeft &= _batch[i]!.HasLeft;
        }

        return _settings().Terms with { EnforceLimit = !allHaveLeft, Day = ReplayDayOf(first) };
    }

    // A store that is not prepared yet has not seen the charges.
    private StoreFailure MeaningOf(Exception e) => e is UsageStoreException ? StoreFailure.NotApplied : _store.Classify(e);

    // A row that somebody else holds must not hold up everybody: the batch is split until the charge that needs it is alone, and that one goes aside.
    private async ValueTask<bool> TryStepAsideAsync(int start, int count, Exception error)
    {
        if (count > 1)
        {
            await SplitAsync(start, count, error).ConfigureAwait(false);
            return true;
        }

        if (_queue.IsEmpty && _batchSize == 1)
        {
            // Nobody waits behind it.
            return false;
        }

        PendingCharge pending = _batch[start]!;
        _batch[start] = null;
        _aside.Enqueue(pending);
        _nextAsideMs = _nowMs() + AsideMs;
        return true;
    }

    private async Task SplitAsync(int start, int count, Exception error)
    {
        if (count == 1)
        {
            Park(_batch[start]!, error);
            _batch[start] = null;
            return;
        }

        int half = count / 2;
        await SendAsync(start, half).ConfigureAwait(false);
        await SendAsync(start + half, count - half).ConfigureAwait(false);
    }

    // A charge the store will never take: its answer leaves, the error is raised, and the journal keeps the charge for whoever repairs the cause.
    private void Park(PendingCharge pending, Exception error)
    {
        Guid id = pending.Charge.TransactionId;
        pending.Quota.ArriveUnknown(pending.Charge.Amount);
        lock (_lettingGo)
        {
            if (_journal is not null)
            {
                TryKeep(pending.Charge, pending.FirstTriedOn ?? _day.At(_nowMs()));
                _journal.TryFlush();
            }

            pending.TryComplete(new CommitResult(CommitStatus.Deferred));
        }

        Interlocked.Decrement(ref _pending);
        ReportFailure(id, error.Message);
    }

    private bool TryKeep(in Charge charge, DateOnly? day)
    {
        if (_journal!.TryAppend(charge, day))
        {
            Volatile.Write(ref _journalHasFailed, 0);
            return true;
        }

        if (Interlocked.Exchange(ref _journalHasFailed, 1) == 0)
        {
            Log.JournalNotWritable(_logger, _journal.Location, LogText.Clean(_journal.Failure));
        }

        return false;
    }

    private void Deliver(int start, int count, bool enforced)
    {
        long now = _nowMs();
        long freshUntil = now + _settings().RefreshAfterMs;
        for (int i = start; i < start + count; i++)
        {
            PendingCharge pending = _batch[i]!;
            _batch[i] = null;
            ChargeResult result = _results[i];
            Charge charge = pending.Charge;
            Quota quota = pending.Quota;

            // In the order of the batch, and before the caller goes on: the next call of this user sees the new count.
            bool isRefusedAfterLeaving = enforced && result.Outcome == ChargeOutcome.LimitReached && pending.HasLeft;
            if (!isRefusedAfterLeaving)
            {
                quota.Arrive(charge.Amount, result.Used, result.Limit, freshUntil);
            }

            if (!isRefusedAfterLeaving && pending.TryComplete(new CommitResult(StatusOf(result.Outcome), result.Used, result.Limit)))
            {
                Interlocked.Decrement(ref _pending);
                continue;
            }

            if (result.Outcome == ChargeOutcome.LimitReached && enforced)
            {
                // The answer left while the limit was being enforced: it is counted all the same.
                if (!isRefusedAfterLeaving)
                {
                    quota.ReserveAgain(charge.Amount);
                    quota.Depart();
                }

                _queue.Enqueue(pending);
                continue;
            }

            _journal?.MarkSettled(charge.TransactionId);
            Interlocked.Decrement(ref _pending);
            NoteSettledLater(charge, result);
        }
    }

    private static CommitStatus StatusOf(ChargeOutcome outcome) => outcome switch
    {
        ChargeOutcome.Counted or ChargeOutcome.AlreadyCounted => CommitStatus.Counted,
        ChargeOutcome.LimitReached => CommitStatus.LimitReached,
        ChargeOutcome.UnknownUser => CommitStatus.UnknownUser,
        _ => CommitStatus.NotOpen,
    };

    private void NoteSettledLater(Charge charge, ChargeResult result)
    {
        if (result.Outcome == ChargeOutcome.UnknownUser)
        {
            Log.UserVanished(_logger, LogText.Clean(charge.UserId), _store.Name, TransactionIds.Format(charge.TransactionId));
            return;
        }

        if (result.Outcome == ChargeOutcome.Refunded)
        {
            // Taken back before it arrived: there is nothing that was counted.
            return;
        }

        _instruments.Committed();
        if (_logger.IsEnabled(LogLevel.Debug))
        {
            Log.TransactionCommitted(
                _logger, TransactionIds.Format(charge.TransactionId), LogText.Clean(charge.UserId), result.Used, UsageText.Limit(result.Limit));
        }
    }

    // Callers that have waited long enough go on, once their charges are safe.
    private void LetOverdueGo()
    {
        long timeoutMs = _settings().CommitTimeoutMs;
        lock (_lettingGo)
        {
            LetGo(timeoutMs, string.Create(CultureInfo.InvariantCulture, $"{_store.Name} did not answer within {timeoutMs} ms; the charge goes on in the background"));
        }
    }

    // At the end all callers go on: with their charges in the journal, or without an answer.
    private void LetEverybodyGo()
    {
        lock (_lettingGo)
        {
            string reason = _journal is null ? "the application stops, and there is no journal" : "the application stops; its next start sends the charge again";
            foreach ((PendingCharge pending, long word) in LetGo(timeoutMs: 0, reason))
            {
                Charge charge = pending.Charge;
                Quota quota = pending.Quota;
                if (pending.TryFail(word, new UsageUnavailableException("The application stops, and the charge of this call could be kept nowhere.")))
                {
                    quota.ArriveUnsent(charge.Amount);
                    Interlocked.Decrement(ref _pending);
                }
            }
        }
    }

    /// <returns>Those whose charges could not be kept safe, and who therefore still wait.</returns>
    private List<(PendingCharge Pending, long Word)> LetGo(long timeoutMs, string reason)
    {
        List<(PendingCharge Pending, long Word)> overdue = Overdue(timeoutMs);
        if (overdue.Count == 0)
        {
            return overdue;
        }

        // The charges are written first, and forced to the disk together. Meanwhile the store may answer: then the record is taken back.
        DateOnly? today = _day.At(_nowMs());
        var kept = new List<(PendingCharge Pending, long Word, Guid Id)>(overdue.Count);
        var notKept = new List<(PendingCharge Pending, long Word)>();
        foreach ((PendingCharge pending, long word) in overdue)
        {
            Charge charge = pending.Charge;
            if (!pending.IsStill(word))
            {
                continue;
            }

            if (_journal is null || TryKeep(charge, today))
            {
                kept.Add((pending, word, charge.TransactionId));
            }
            else
            {
                notKept.Add((pending, word));
            }
        }

        if (_journal is not null && !_journal.TryFlush())
        {
            return overdue;
        }

        foreach ((PendingCharge pending, long word, Guid id) in kept)
        {
            if (!pending.TryDetach(word))
            {
                // A charge that moved from the queue to the batch meanwhile was seen twice; its record stays.
                if (!pending.IsDetachedSince(word))
                {
                    _journal?.MarkSettled(id);
                }

                continue;
            }

            pending.FirstTriedOn ??= today;
            pending.LetGo();
            ReportFailure(id, reason);
        }

        return notKept;
    }

    private List<(PendingCharge Pending, long Word)> Overdue(long timeoutMs)
    {
        var overdue = new List<(PendingCharge, long)>();
        long now = _nowMs();
        int size = Volatile.Read(ref _batchSize);
        for (int i = 0; i < size; i++)
        {
            AddIfOverdue(Volatile.Read(ref _batch[i]));
        }

        foreach (PendingCharge pending in _queue)
        {
            AddIfOverdue(pending);
        }

        foreach (PendingCharge pending in _aside)
        {
            AddIfOverdue(pending);
        }

        AddIfOverdue(Volatile.Read(ref _heldBack));
        return overdue;

        void AddIfOverdue(PendingCharge? pending)
        {
            if (pending is not null && pending.IsOverdue(now, timeoutMs, out long word))
            {
                overdue.Add((pending, word));
            }
        }
    }

    private void MarkTried(int start, int count)
    {
        DateOnly? today = _day.At(_nowMs());
        for (int i = start; i < start + count; i++)
        {
            _batch[i]!.FirstTriedOn ??= today;
        }
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

    private void StartWatch()
    {
        var period = TimeSpan.FromMilliseconds(Math.Max(5, _settings().CommitTimeoutMs / 8));
        _watch.Change(period, period);
    }

    private void ReportFailure(Guid id, string reason)
    {
        _instruments.CommitFailed();
        Log.CommitFailed(_logger, TransactionIds.Format(id), LogText.Clean(reason));
    }

    private void NoteFailure(Exception e, int charges)
    {
        if (_failures++ == 0)
        {
            Log.StoreFailed(_logger, e, _store.Name, charges, LogText.Clean(e.Message));
        }
    }

    private void NoteSuccess()
    {
        if (_failures > 0)
        {
            Log.StoreRecovered(_logger, _store.Name, _failures);
            _failures = 0;
        }
    }

    private TimeSpan DelayAfter(int failures)
    {
        double delay = Math.Min(s_longestDelay.TotalMilliseconds, s_firstDelay.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 10)));
        return TimeSpan.FromMilliseconds(delay * (0.5 + (_workers.NextRandom() * 0.5)));
    }
}
