namespace Reliable.Usage;

/// <summary>
/// The ledger of the memory store: the last so many charges, in fixed arrays, so that remembering one costs nothing to the garbage collector.
/// A ring of entries under an open-addressed index (linear probing, deletion by shifting back).
/// </summary>
internal sealed class SettledCharges
{
    /// <summary>How many charges are remembered.</summary>
    public const int Capacity = 1 << 14;

    private const int IndexSize = Capacity * 2;
    private const int IndexMask = IndexSize - 1;

    private readonly Entry[] _entries = new Entry[Capacity];
    private readonly int[] _index = new int[IndexSize]; // entry number + 1; 0 is empty
    private int _next;

    /// <summary>Finds a charge.</summary>
    /// <returns>Whether it is remembered; then <paramref name="number"/> names its entry.</returns>
    public bool TryFind(Guid id, out int number)
    {
        for (int place = HomeOf(id); _index[place] != 0; place = (place + 1) & IndexMask)
        {
            number = _index[place] - 1;
            if (_entries[number].Charge.TransactionId == id)
            {
                return true;
            }
        }

        number = -1;
        return false;
    }

    /// <summary>Remembers a charge that is not remembered yet, in place of the oldest one.</summary>
    public void Add(in Charge charge, DateOnly day, bool isRefunded)
    {
        int number = _next;
        _next = (_next + 1) & (Capacity - 1);
        ref Entry entry = ref _entries[number];
        if (entry.Charge.TransactionId != Guid.Empty)
        {
            Remove(entry.Charge.TransactionId);
        }

        entry = new Entry { Charge = charge, Day = day, IsRefunded = isRefunded };
        int place = HomeOf(charge.TransactionId);
        while (_index[place] != 0)
        {
            place = (place + 1) & IndexMask;
        }

        _index[place] = number + 1;
    }

    /// <summary>What is counted for a user on a day, as far as it is remembered.</summary>
    public long Sum(string userId, string counter, DateOnly day)
    {
        long sum = 0;
        foreach (ref readonly Entry entry in _entries.AsSpan())
        {
            if (!entry.IsRefunded && entry.Day == day && entry.Charge.UserId == userId && entry.Charge.Counter == counter)
            {
                sum += entry.Charge.Amount;
            }
        }

        return sum;
    }

    public ref Entry this[int number] => ref _entries[number];

    private static int HomeOf(Guid id) => id.GetHashCode() * unchecked((int)2654435769u) >>> (32 - 15);

    private void Remove(Guid id)
    {
        int hole = HomeOf(id);
        while (_entries[_index[hole] - 1].Charge.TransactionId != id)
        {
            hole = (hole + 1) & IndexMask;
        }

        // Whatever was pushed past the hole by it moves back, so that a search never meets a gap before its entry.
        for (int place = (hole + 1) & IndexMask; _index[place] != 0; place = (place + 1) & IndexMask)
        {
            int home = HomeOf(_entries[_index[place] - 1].Charge.TransactionId);
            if (((place - home) & IndexMask) >= ((place - hole) & IndexMask))
            {
                _index[hole] = _index[place];
                hole = place;
            }
        }

        _index[hole] = 0;
    }

    public struct Entry
    {
        public Charge Charge;
        public DateOnly Day;
        public bool IsRefunded;
    }
}
