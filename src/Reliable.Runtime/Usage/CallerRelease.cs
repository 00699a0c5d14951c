using System.Globalization;
using Microsoft.Extensions.Logging;
using Reliable.Diagnostics;
using Reliable.Transactions;

namespace Reliable.Usage;

/// <summary>Lets callers go before the store has answered, once their charges are safe: in the journal, where there is one.</summary>
internal sealed class CallerRelease(
    ChargeQueue queue, ChargeJournal? journal, StoreDay day, Func<long> nowMs, string storeName, Instruments instruments, ILogger logger)
{
    // Two that let the same caller go would take each other's journal record back.
    private readonly Lock _lettingGo = new();
    private int _journalHasFailed;

    /// <summary>Callers that have waited long enough go on.</summary>
    public void LetOverdueGo(long timeoutMs)
    {
        lock (_lettingGo)
        {
            LetGo(timeoutMs, string.Create(CultureInfo.InvariantCulture, $"{storeName} did not answer within {timeoutMs} ms; the charge goes on in the background"));
        }
    }

    /// <summary>At the end all callers go on: with their charges in the journal, or without an answer.</summary>
    public void LetEverybodyGo()
    {
        lock (_lettingGo)
        {
            string reason = journal is null ? "the application stops, and there is no journal" : "the application stops; its next start sends the charge again";
            foreach ((PendingCharge pending, long word) in LetGo(timeoutMs: 0, reason))
            {
                Charge charge = pending.Charge;
                Quota quota = pending.Quota;
                if (pending.TryFail(word, new UsageUnavailableException("The application stops, and the charge of this call could be kept nowhere.")))
                {
                    quota.ArriveUnsent(charge.Amount);
                    queue.Forget();
                }
            }
        }
    }

    /// <summary>A charge the store will never take: its answer leaves, the error is raised, and the journal keeps the charge for whoever repairs the cause.</summary>
    public void Park(PendingCharge pending, Exception error)
    {
        Guid id = pending.Charge.TransactionId;
        pending.Quota.ArriveUnknown(pending.Charge.Amount);
        lock (_lettingGo)
        {
            if (journal is not null)
            {
                TryKeep(pending.Charge, pending.FirstTriedOn ?? day.At(nowMs()));
                journal.TryFlush();
            }

            pending.TryComplete(new CommitResult(CommitStatus.Deferred));
        }

        queue.Forget();
        Report(id, error.Message);
    }

    /// <summary>Writes a charge to the journal; a journal that cannot be written is reported once.</summary>
    public bool TryKeep(in Charge charge, DateOnly? firstTriedOn)
    {
        if (journal!.TryAppend(charge, firstTriedOn))
        {
            Volatile.Write(ref _journalHasFailed, 0);
            return true;
        }

        if (Interlocked.Exchange(ref _journalHasFailed, 1) == 0)
        {
            Log.JournalNotWritable(logger, journal.Location, LogText.Clean(journal.Failure));
        }

        return false;
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
        DateOnly? today = day.At(nowMs());
        var kept = new List<(PendingCharge Pending, long Word, Guid Id)>(overdue.Count);
        var notKept = new List<(PendingCharge Pending, long Word)>();
        foreach ((PendingCharge pending, long word) in overdue)
        {
            Charge charge = pending.Charge;
            if (!pending.IsStill(word))
            {
                continue;
            }

            if (journal is null || TryKeep(charge, today))
            {
                kept.Add((pending, word, charge.TransactionId));
            }
            else
            {
                notKept.Add((pending, word));
            }
        }

        if (journal is not null && !journal.TryFlush())
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
                    journal?.MarkSettled(id);
                }

                continue;
            }

            pending.FirstTriedOn ??= today;
            pending.LetGo();
            Report(id, reason);
        }

        return notKept;
    }

    private List<(PendingCharge Pending, long Word)> Overdue(long timeoutMs)
    {
        var overdue = new List<(PendingCharge, long)>();
        long now = nowMs();
        foreach (PendingCharge pending in queue.Everything())
        {
            if (pending.IsOverdue(now, timeoutMs, out long word))
            {
                overdue.Add((pending, word));
            }
        }

        return overdue;
    }

    private void Report(Guid id, string reason)
    {
        instruments.CommitFailed();
        Log.CommitFailed(logger, TransactionIds.Format(id), LogText.Clean(reason));
    }
}
