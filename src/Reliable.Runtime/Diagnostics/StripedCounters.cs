using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
        Debug.Assert((uint)counter < (uint)(_half - 1), "A row has a cell for every counter.");
        int thread = Environment.CurrentManagedThreadId;

        // The mask keeps the row within the cells, and every row has its cells: no bounds to be checked.
        ref long owner = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_cells), CellsPerLine + ((thread & s_mask) * _stride));
        if (owner == thread)
        {
            // Invariant 1: nobody else writes this cell, so nothing comes between the reading and the writing. Volatile, for a reader in a process of 32 bits.
            ref long cell = ref Unsafe.Add(ref owner, 1 + counter);
            Volatile.Write(ref cell, cell + amount);
        }
        else
        {
            AddElsewhere(ref owner, thread, counter, amount);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddElsewhere(ref long owner, int thread, int counter, long amount)
    {
        if (Volatile.Read(ref owner) == 0 && Interlocked.CompareExchange(ref owner, thread, 0) == 0)
        {
            Add(counter, amount);
        }
        else
        {
            Interlocked.Add(ref Unsafe.Add(ref owner, _half + counter), amount);
        }
    }
}
