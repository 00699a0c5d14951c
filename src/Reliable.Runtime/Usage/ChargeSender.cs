using Microsoft.Extensions.Logging;
using Reliable.Diagnostics;
using Reliable.Transactions;

namespace Reliable.Usage;

/// <summary>
/// Sends the batch of a <see cref="ChargeQueue"/> until the store has answered, and gives its callers the answer. One batch at a time: only the committer's loop
/// calls it.
/// </summary>
internal sealed class ChargeSender
{
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(5);

    // How long to wait until rows that somebody else holds are looked at again, when there is nothing else to do.
    private static readonly TimeSpan s_heldDelay = TimeSpan.FromMilliseconds(50);

    private readonly ChargeQueue _queue;
    private readonly CallerRelease _release;
    private readonly IUsageStore _store;
    private readonly Func<Task> _start;
    private readonly TimeProvider _time;
    private readonly Func<long> _nowMs;
    private readonly Func<CommitterSettings> _settings;
    private readonly StoreDay _day;
    private readonly ChargeJournal? _journal;
    private readonly Workers _workers;
    private readonly Instruments _instruments;
    private readonly ILogger _logger;
    private readonly CancellationToken _stop;
    private readonly Charge[] _charges;
    private readonly ChargeResult[] _results;
    private PendingCharge? _last;
    private CommitResult _lastResult;
    private int _failures;

    public ChargeSender(
        ChargeQueue queue,
        CallerRelease release,
        IUsageStore store,
        Func<Task> start,
        TimeProvider time,
        Func<long> nowMs,
        Func<CommitterSettings> settings,
        StoreDay day,
        ChargeJournal? journal,
        Workers workers,
        Instruments instruments,
        ILogger logger,
        CancellationToken stop)
    {
        _queue = queue;
        _release = release;
        _store = store;
        _start = start;
        _time = time;
        _nowMs = nowMs;
        _settings = settings;
        _day = day;
        _journal = journal;
        _workers = workers;
        _instruments = instruments;
        _logger = logger;
        _stop = stop;
        _charges = new Charge[store.MaxBatchSize];
        _results = new ChargeResult[store.MaxBatchSize];
    }

    /// <summary>The longest pause between two tries.</summary>
    public static TimeSpan LongestDelay { get; } = TimeSpan.FromMilliseconds(400);

    /// <summary>The day a charge must be counted on because it was first tried then; <see langword="null"/> when that is today.</summary>
    public DateOnly? ReplayDayOf(PendingCharge pending)
        => pending.FirstTriedOn is { } day && (_day.At(_nowMs()) is not { } today || day < today) ? day : null;

    /// <summary>Sends a part of the batch until the store has answered: all of it, or, when the store will never take it as it is, each half on its own.</summary>
    public async Task SendAsync(int start, int count)
    {
        int failures = 0;
        bool skipHeld = _queue.IsAside;
        while (!_stop.IsCancellationRequested)
        {
            bool isEnforced;
            try
            {
                await _start().ConfigureAwait(false);
                UsageTerms terms = TermsOf(start, count, skipHeld);
                await _store.SettleAsync(_charges.AsMemory(start, count), _results.AsMemory(start, count), terms, _stop).ConfigureAwait(false);
                isEnforced = terms.EnforceLimit;
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (MeaningOf(e) == StoreFailure.Permanent)
            {
                MarkTried(start, count);
                await SplitAsync(start, count, e).ConfigureAwait(false);
                return;
            }
            catch (Exception e)
            {
                MarkTried(start, count);
                failures++;
                NoteFailure(e, count);
                if (!skipHeld && MeaningOf(e) == StoreFailure.Contended)
                {
                    // A row that somebody else holds must not hold up everybody.
                    skipHeld = true;
                    continue;
                }

                await Task.Delay(DelayAfter(failures), _time, _stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            int held = Deliver(start, count, isEnforced);
            NoteSuccess();
            if (held == count && _queue.IsEmpty)
            {
                await Task.Delay(s_heldDelay, _time, _stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return;
        }
    }

    /// <summary>
    /// The caller who was alone in the last batch, and what to tell him. Whoever sent it can do so on the same thread, as the last thing he does: another
    /// thread would have to be woken, which costs a single caller more than all the rest.
    /// </summary>
    public (PendingCharge? Pending, CommitResult Result) TakeLast()
    {
        (PendingCharge? pending, _last) = (_last, null);
        return (pending, _lastResult);
    }

    private UsageTerms TermsOf(int start, int count, bool skipHeld)
    {
        bool haveAllLeft = true;
        bool mayBeKnown = false;
        for (int i = start; i < start + count; i++)
        {
            PendingCharge pending = _queue[i];
            _charges[i] = pending.Charge;
            haveAllLeft &= pending.HasLeft;
            mayBeKnown |= pending.WasTried;
        }

        UsageTerms terms = _settings().Terms;
        DateOnly? day = ReplayDayOf(_queue[start]);
        return !haveAllLeft && !mayBeKnown && day is null && !skipHeld
            ? terms
            : terms with { EnforceLimit = !haveAllLeft, MayBeKnown = mayBeKnown, Day = day, SkipHeld = skipHeld };
    }

    // A store that is not prepared yet has not seen the charges.
    private StoreFailure MeaningOf(Exception e) => e is UsageStoreException ? StoreFailure.NotApplied : _store.Classify(e);

    private async Task SplitAsync(int start, int count, Exception error)
    {
        if (count == 1)
        {
            _release.Park(_queue.Remove(start), error);
            return;
        }

        int half = count / 2;
        await SendAsync(start, half).ConfigureAwait(false);
        await SendAsync(start + half, count - half).ConfigureAwait(false);
    }

    // Returns how many went aside, because somebody else holds their rows.
    private int Deliver(int start, int count, bool enforced)
    {
        int held = 0;
        long now = _nowMs();
        long freshUntil = now + _settings().RefreshAfterMs;
        for (int i = start; i < start + count; i++)
        {
            if (_results[i].Outcome == ChargeOutcome.Contended)
            {
                _queue.SetAside(i, now);
                held++;
            }
            else
            {
                Deliver(_queue.Remove(i), _results[i], enforced, freshUntil);
            }
        }

        return held;
    }

    private void Deliver(PendingCharge pending, in ChargeResult result, bool enforced, long freshUntil)
    {
        Charge charge = pending.Charge;
        Quota quota = pending.Quota;
        bool isRefused = enforced && result.Outcome == ChargeOutcome.LimitReached;
        if (isRefused && pending.HasLeft)
        {
            _queue.Requeue(pending);
            return;
        }

        // In the order of the batch, and before the caller goes on: the next call of this user sees the new count.
        quota.Arrive(charge.Amount, result.Used, result.Limit, freshUntil);
        if (pending.TryClaim())
        {
            _queue.Forget();
            Answer(pending, new CommitResult(StatusOf(result.Outcome), result.Used, result.Limit));
        }
        else if (isRefused)
        {
            // The answer left while the limit was being enforced: it is counted all the same.
            quota.ReserveAgain(charge.Amount);
            quota.Depart();
            _queue.Requeue(pending);
        }
        else
        {
            _journal?.MarkSettled(charge.TransactionId);
            _queue.Forget();
            NoteSettledLater(charge, result);
        }
    }

    private void Answer(PendingCharge pending, CommitResult result)
    {
        if (_queue.BatchSize == 1)
        {
            (_last, _lastResult) = (pending, result);
        }
        else
        {
            pending.Answer(result, onThisThread: false);
        }
    }

    private void MarkTried(int start, int count)
    {
        DateOnly? today = _day.At(_nowMs());
        for (int i = start; i < start + count; i++)
        {
            _queue[i].MarkTried(today);
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
        double delay = Math.Min(LongestDelay.TotalMilliseconds, s_firstDelay.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 10)));
        return TimeSpan.FromMilliseconds(delay * (0.5 + (_workers.NextRandom() * 0.5)));
    }
}
