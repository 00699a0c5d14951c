using System.Buffers;

namespace Reliable.Streaming;

/// <summary>The updates that are held back, in order, in a pooled array. What it holds is bounded by the hold, not here.</summary>
internal struct HoldBuffer<T>
{
    private const int FirstLength = 16;

    private T[]? _items;
    private int _next;

    /// <summary>How many updates were put in.</summary>
    public int Count { get; private set; }

    /// <summary>Whether none is left to take.</summary>
    public readonly bool IsEmpty => _next == Count;

    public void Add(T update)
    {
        _items ??= ArrayPool<T>.Shared.Rent(FirstLength);
        if (Count == _items.Length)
        {
            T[] larger = ArrayPool<T>.Shared.Rent(Count * 2);
            _items.AsSpan(0, Count).CopyTo(larger);
            Return(_items);
            _items = larger;
        }

        _items[Count++] = update;
    }

    /// <summary>Takes the oldest; the array goes back with the last of them.</summary>
    public T Take()
    {
        T update = _items![_next++];
        if (IsEmpty)
        {
            Clear();
        }

        return update;
    }

    /// <summary>Throws away what is left.</summary>
    public void Clear()
    {
        if (_items is { } items)
        {
            _items = null;
            Return(items);
        }

        _next = Count = 0;
    }

    // Answers of one user have no business in an array that the next user's stream gets.
    private static void Return(T[] items) => ArrayPool<T>.Shared.Return(items, clearArray: true);
}
