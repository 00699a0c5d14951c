using System.Runtime.CompilerServices;

namespace Reliable.Transactions;

/// <summary>
/// Expiry: one pass over the segments, in steps, beside everything else. Remembers of each segment until when nothing in it can be due, so that one where
/// nothing is costs a glance. One caller at a time; all that is here is that caller's.
/// </summary>
/// <remarks>
/// <para>A segment is quiet before the earliest of two moments: the earliest deadline that was seen in it, and the moment it was looked at plus the shortest time to live
/// in use, because whatever began since cannot be due before. A segment that is new to the sweeper counts as looked at when the list of segments was, the
/// time before: then it was not there.</para>
/// <para>Skipping a slot that is due after all is only lateness, since a commit looks at the deadline itself. It happens to a transaction whose beginner was held up
/// between reading the time and publishing: that one expires late by as long as it was held up, and until the next pass.</para>
/// </remarks>
internal sealed class Sweeper
{
    // What a glance at a quiet segment counts for in a step, in slots.
    private const int GlanceCost = 16;

    private Note[] _notes = [];
    private int _known;
    private long _listSeenMs;
    private int _cursor;

    // Of the segment under the cursor, which may take several steps.
    private long _segmentSeenMs;
    private long _earliestMs;

    /// <summary>Goes on with the pass for about <paramref name="maxSlots"/> slots.</summary>
    public SweepResult Sweep(Slot[][] segments, long nowMs, int shortestTimeToLiveMs, int maxSlots)
    {
        Learn(segments.Length, nowMs);
        int end = segments.Length << Segment.Bits;
        int left = maxSlots;
        int expired = 0;
        while (_cursor < end && left > 0)
        {
            int place = _cursor >> Segment.Bits;
            int first = _cursor & Segment.Mask;
            if (first == 0)
            {
                if (_notes[place].IsQuiet(nowMs, shortestTimeToLiveMs))
                {
                    _cursor += Segment.Size;
                    left -= GlanceCost;
                    continue;
                }

                _segmentSeenMs = nowMs;
                _earliestMs = long.MaxValue;
            }

            int count = Math.Min(Segment.Size - first, left);
            expired += Read(segments[place].AsSpan(first, count), nowMs);
            _cursor += count;
            left -= count;
            if (first + count == Segment.Size)
            {
                _notes[place] = new Note(_earliestMs, _segmentSeenMs);
            }
        }

        bool isComplete = _cursor >= end;
        if (isComplete)
        {
            _cursor = 0;
        }

        return new SweepResult(expired, isComplete);
    }

    private void Learn(int segments, long nowMs)
    {
        if (segments > _notes.Length)
        {
            Array.Resize(ref _notes, Math.Max(segments, _notes.Length * 2));
        }

        for (; _known < segments; _known++)
        {
            _notes[_known] = new Note(long.MaxValue, _listSeenMs);
        }

        _listSeenMs = nowMs;
    }

    // Called seldom, and long: it would be run as it was first compiled, at a third of the speed, for most of a process's life.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Read(Span<Slot> slots, long nowMs)
    {
        int expired = 0;
        long earliest = _earliestMs;
        foreach (ref Slot slot in slots)
        {
            // Racy read: every change below is a compare-and-swap from the word read here.
            long word = Volatile.Read(ref slot.Word);
            switch (SlotWord.StateOf(word))
            {
                case TransactionState.Active:
                    long deadline = Volatile.Read(ref slot.DeadlineMs);
                    earliest = Math.Min(earliest, deadline);
                    expired += deadline <= nowMs && slot.TryExpire(word) ? 1 : 0;
                    break;
                case TransactionState.Expired:
                    slot.FreeExpired(word);
                    break;
                default:
                    break;
            }
        }

        // What was expired here is due in the next pass, which frees it: its deadline is among the earliest.
        _earliestMs = earliest;
        return expired;
    }

    private readonly record struct Note(long EarliestMs, long SeenMs)
    {
        public bool IsQuiet(long nowMs, int shortestTimeToLiveMs) => nowMs < EarliestMs && nowMs < SeenMs + shortestTimeToLiveMs;
    }
}
