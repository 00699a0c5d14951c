using System.Numerics;

namespace Reliable.Diagnostics;

/// <summary>
/// Counters that many threads move at once and few read. Each thread that can get one has a row of its own, on cache lines of its own, and moves its cells with
/// plain additions: counting must not be seen beside a call, and an interlocked addition would be most of it.
/// </summary>
/// <remarks>
/// <para>1. The cells that a row's owner moves are written by no other thread: the owner is a thread's id, claimed once by compare-and-swap and never given up. The
/// runtime gives the id of a thread that has ended to a later one; then that one is the owner, and sees everything the first has written.</para>
/// <para>2. Threads whose row has another owner add to the row's shared cells, interlocked.</para>
/// <para>3. A cell only grows by what was added, and is read as a whole: sums never go back.</para>
/// </remarks>
internal sealed class StripedCounters
{
    private const int CellsPerLine = 16; // two cache lines, which processors fetch together
    private const int RowsPerProcessor = 4;
    private const int MaxRows = 32;

    private static readonly int s_mask = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount * RowsPerProcessor, MaxRows)) - 1;

    private readonly long[] _cells;
    private readonly int _half;
    private readonly int _stride;

    public StripedCounters(int count)
    {
        _half = (1 + count + CellsPerLine - 1) / CellsPerLine * CellsPerLine;
        _stride = 2 * _half;
        _cells = new long[CellsPerLine + ((s_mask + 1) * _stride)];
    }

    /// <summary>How many bytes the counters take.</summary>
    public int Bytes => _cells.Length * sizeof(long);

    /// <summary>What a counter has come to: of additions under way, some may be in it and some not.</summary>
    public long this[int counter]
    {
        get
        {
            long sum = 0;
            for (int row = CellsPerLine; row < _cells.Length; row += _stride)
            {
                sum += Volatile.Read(ref _cells[row + 1 + counter]) + Volatile.Read(ref _cells[row + _half + counter]);
            }

            return sum;
        }
    }

    public void Add(int counter, long amount = 1)
    {
        long[] cells = _cells;
        int thread = Environment.CurrentManagedThreadId;
        int row = CellsPerLine + ((thread & s_mask) * _stride);
        if (cells[row] == thread || TryOwn(ref cells[row], thread))
        {
            // Invariant 1: nobody else writes this cell, so nothing comes between the reading and the writing. Volatile, for a reader in a process of 32 bits.
            ref long cell = ref cells[row + 1 + counter];
            Volatile.Write(ref cell, cell + amount);
        }
        else
        {
            Interlocked.Add(ref cells[row + _half + counter], amount);
        }
    }

    private static bool TryOwn(ref long owner, int thread) => Volatile.Read(ref owner) == 0 && Interlocked.CompareExchange(ref owner, thread, 0) == 0;
}
