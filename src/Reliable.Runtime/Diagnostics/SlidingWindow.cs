namespace Reliable.Diagnostics;

/// <summary>
/// What sums were at moments of the past: the difference to what they are now is what happened since. Samples lie in one array that is used round and round;
/// nothing is allocated after it. One caller at a time.
/// </summary>
internal sealed class SlidingWindow
{
    private const int Capacity = 128;

    /// <summary>How many samples cover one window: the window's edge is exact to that part of it.</summary>
    public const int SamplesPerWindow = 120;

    private readonly long[] _samples;
    private readonly long[] _times = new long[Capacity];
    private readonly int _size;
    private int _next;
    private int _count;

    /// <param name="size">How many sums there are.</param>
    /// <param name="nowMs">The moment at which all of them are zero.</param>
    public SlidingWindow(int size, long nowMs)
    {
        _size = size;
        _samples = new long[Capacity * size];
        Add(nowMs, new long[size]);
    }

    /// <summary>Notes what the sums are, unless that was noted a moment ago.</summary>
    public void Note(long nowMs, long windowMs, ReadOnlySpan<long> sums)
    {
        if (nowMs - _times[Before(_next)] >= windowMs / SamplesPerWindow)
        {
            Add(nowMs, sums);
        }
    }

    /// <summary>Turns what the sums are now into what happened in the window; since the start, where the window is longer.</summary>
    public void Subtract(long nowMs, long windowMs, Span<long> sums)
    {
        int place = Before(_next);
        for (int i = 1; i < _count && _times[place] > nowMs - windowMs; i++)
        {
            place = Before(place);
        }

        ReadOnlySpan<long> then = _samples.AsSpan(place * _size, _size);
        for (int i = 0; i < _size; i++)
        {
            sums[i] -= then[i];
        }
    }

    private static int Before(int place) => (place + Capacity - 1) % Capacity;

    private void Add(long nowMs, ReadOnlySpan<long> sums)
    {
        _times[_next] = nowMs;
        sums.CopyTo(_samples.AsSpan(_next * _size, _size));
        _next = (_next + 1) % Capacity;
        _count = Math.Min(_count + 1, Capacity);
    }
}
