using System.Collections.Concurrent;

namespace Reliable.Usage;

/// <summary>
/// Charges between their callers and the store: those that wait, the batch that is on its way, and those that went aside. Anybody may add; one loop takes and
/// sends; whoever lets callers go reads everything at any time.
/// </summary>
internal sealed class ChargeQueue(int maxBatchSize)
{
    // A charge that went aside keeps the others waiting for a lock timeout whenever it is tried: not more often than this.
    private const long AsideMs = 10_000;

    private readonly ConcurrentQueue<PendingCharge> _waiting = new();

    // Charges that need a row somebody else holds. Each goes alone, when nothing else waits or its time has come.
    private readonly ConcurrentQueue<PendingCharge> _aside = new();
    private readonly PendingCharge?[] _batch = new PendingCharge?[maxBatchSize];
    private PendingCharge? _heldBack;
    private int _batchSize;
    private int _count;
    private long _nextAsideMs;

    /// <summary>How many charges are waiting or on their way.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether nobody waits behind the batch.</summary>
    public bool IsEmpty => _waiting.IsEmpty;

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
        if (TryTakeAside(nowMs))
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
            if (next is null && !_waiting.TryDequeue(out next))
            {
                break;
            }

            if (count == 0)
            {
                hasLeft = next.HasLeft;
                day = replayDayOf(next);
            }
            else if (next.HasLeft != hasLeft || replayDayOf(next) != day)
            {
                _heldBack = next;
                break;
            }

            _batch[count++] = next;
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
        _aside.Enqueue(Remove(index));
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

    private bool TryTakeAside(long nowMs)
    {
        bool isTime = nowMs >= _nextAsideMs || (_waiting.IsEmpty && _heldBack is null);
        if (!isTime || !_aside.TryDequeue(out PendingCharge? pending))
        {
            return false;
        }

        _batch[0] = pending;
        Volatile.Write(ref _batchSize, 1);
        return true;
    }
}
