using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Reliable.Transactions;

namespace Reliable.Usage;

/// <summary>
/// Charges between their callers and the store: those that wait, the batch that is on its way, and those that went aside. Anybody may add; one loop takes and
/// sends; whoever lets callers go reads everything at any time.
/// </summary>
internal sealed class ChargeQueue(int maxBatchSize)
{
    // While others wait, those that went aside are tried this often. They wait for no lock then, so all they cost is a round trip.
    private const long AsideMs = 250;

    private readonly ConcurrentQueue<PendingCharge> _waiting = new();

    // Charges that need a row somebody else holds, and the counters of those rows: what is to be added to them follows at once, instead of finding out again.
    private readonly ConcurrentQueue<PendingCharge> _aside = new();
    private readonly HashSet<Quota> _held = [];
    private readonly PendingCharge?[] _batch = new PendingCharge?[maxBatchSize];
    private PendingCharge? _heldBack;
    private int _batchSize;
    private int _count;
    private long _nextAsideMs;

    /// <summary>How many charges are waiting or on their way.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether nobody waits behind the batch.</summary>
    public bool IsEmpty => _waiting.IsEmpty;

    /// <summary>Whether the batch consists of charges that had gone aside.</summary>
    public bool IsAside { get; private set; }

    /// <summary>How many charges the batch began with.</summary>
    public int BatchSize => Volatile.Read(ref _batchSize);

    /// <summary>A charge of the batch.</summary>
    public PendingCharge this[int index] => _batch[index]!;

    public void Add(PendingCharge pending)
    {
        Interlocked.Increment(ref _count);
        _waiting.Enqueue(pending);
    }

    /// <summary>A charge that was added is in the store, in the journal, or given up.</summary>
    public void Forget() => Interlocked.Decrement(ref _count);

    /// <summary>
    /// Fills the batch. It has one set of terms: charges whose answers have left are counted in any case, those of an earlier day on that day.
    /// </summary>
    /// <returns>How many charges it has.</returns>
    public int Take(Func<PendingCharge, DateOnly?> replayDayOf, long nowMs)
    {
        IsAside = !_aside.IsEmpty && nowMs >= _nextAsideMs;
        int count = Fill(replayDayOf);
        if (count == 0 && !_aside.IsEmpty)
        {
            IsAside = true;
            count = Fill(replayDayOf);
        }

        Volatile.Write(ref _batchSize, count);
        return count;
    }

    /// <summary>Takes a charge out of the batch.</summary>
    public PendingCharge Remove(int index)
    {
        PendingCharge pending = _batch[index]!;
        _batch[index] = null;
        return pending;
    }

    /// <summary>Puts a charge of the batch behind everything that waits.</summary>
    public void Requeue(PendingCharge pending) => _waiting.Enqueue(pending);

    /// <summary>Takes a charge out of the batch that needs a row somebody else holds.</summary>
    public void SetAside(int index, long nowMs)
    {
        SetAside(Remove(index));
        _nextAsideMs = nowMs + AsideMs;
    }

    /// <summary>Whatever of the batch has not been settled waits again.</summary>
    public void RequeueBatch(int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (_batch[i] is not null)
            {
                _waiting.Enqueue(Remove(i));
            }
        }
    }

    public void EndBatch() => Volatile.Write(ref _batchSize, 0);

    /// <summary>Everything that is here. A charge on its way from one place to the next may be seen twice, and one that is settled meanwhile as well.</summary>
    public IEnumerable<PendingCharge> Everything()
    {
        int size = BatchSize;
        for (int i = 0; i < size; i++)
        {
            if (Volatile.Read(ref _batch[i]) is { } sent)
            {
                yield return sent;
            }
        }

        foreach (PendingCharge waiting in _waiting)
        {
            yield return waiting;
        }

        foreach (PendingCharge aside in _aside)
        {
            yield return aside;
        }

        if (Volatile.Read(ref _heldBack) is { } heldBack)
        {
            yield return heldBack;
        }
    }

    private int Fill(Func<PendingCharge, DateOnly?> replayDayOf)
    {
        int count = 0;
        bool hasLeft = false;
        DateOnly? day = null;
        while (count < _batch.Length && TryTakeNext(out PendingCharge? next))
        {
            if (count == 0)
            {
                hasLeft = next.HasLeft;
                day = replayDayOf(next);
            }
            else if (next.HasLeft != hasLeft || replayDayOf(next) != day)
            {
                PutBack(next);
                break;
            }

            _batch[count++] = next;
        }

        return count;
    }

    private bool TryTakeNext([NotNullWhen(true)] out PendingCharge? next)
    {
        if (IsAside)
        {
            if (_aside.TryDequeue(out next))
            {
                _held.Remove(next.Quota);
            }

            return next is not null;
        }

        next = _heldBack;
        _heldBack = null;
        while (next is not null || _waiting.TryDequeue(out next))
        {
            if (_held.Count == 0 || !_held.Contains(next.Quota))
            {
                return true;
            }

            SetAside(next);
            next = null;
        }

        return false;
    }

    private void PutBack(PendingCharge pending)
    {
        if (IsAside)
        {
            SetAside(pending);
        }
        else
        {
            _heldBack = pending;
        }
    }

    private void SetAside(PendingCharge pending)
    {
        _aside.Enqueue(pending);
        _held.Add(pending.Quota);
    }
}
