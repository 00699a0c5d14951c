using System.Numerics;

namespace Reliable.Diagnostics;

/// <summary>
/// Counters that many threads move at once and few read. Each processor moves cells of its own, on cache lines of its own: one cell for all would wander from
/// processor to processor with every call.
/// </summary>
internal sealed class StripedCounters
{
    private const int CellsPerLine = 16; // two cache lines, which processors fetch together
    private const int MaxStripes = 16;

    private static readonly int s_mask = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, MaxStripes)) - 1;

    private readonly long[] _cells;
    private readonly int _stride;

    public StripedCounters(int count)
    {
        Count = count;
        _stride = (count + CellsPerLine - 1) / CellsPerLine * CellsPerLine;
        _cells = new long[CellsPerLine + ((s_mask + 1) * _stride)];
    }

    /// <summary>How many counters there are.</summary>
    public int Count { get; }

    /// <summary>What a counter has come to: of additions under way, some may be in it and some not.</summary>
    public long this[int counter]
    {
        get
        {
            long sum = 0;
            for (int stripe = 0; stripe <= s_mask; stripe++)
            {
                sum += Interlocked.Read(ref _cells[CellsPerLine + (stripe * _stride) + counter]);
            }

            return sum;
        }
    }

    public void Add(int counter, long amount = 1)
        => Interlocked.Add(ref _cells[CellsPerLine + ((Thread.GetCurrentProcessorId() & s_mask) * _stride) + counter], amount);
}
