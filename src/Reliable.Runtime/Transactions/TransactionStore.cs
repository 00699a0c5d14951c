using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Reliable.Transactions;

/// <summary>
/// The open transactions of one process, in arrays of slots. Lock-free: beginning, claiming and ending a transaction are one compare-and-swap each on the
/// slot's own word, and allocate nothing. The invariants are in the README beside this file.
/// </summary>
internal sealed class TransactionStore
{
    /// <summary>The most transactions that can be open at once: what the index bits of a transaction's id can name.</summary>
    public const int MaxCapacity = 1 << TransactionIdentity.IndexBits;

    /// <summary>What a step of expiry looks at: 10 to 30 µs.</summary>
    public const int SlotsPerStep = Segment.Size / 2;

    private const int ProbesPerPlace = 16;
    private const int Places = 4;
    private const int Window = 64;
    private const int Stride = 4;

    // Where this thread looks first, plus one; 0 before its first transaction. May be stale, or another store's: then the first probe misses, and that is all.
    [ThreadStatic]
    private static int t_hint;

    private static int s_nextThread;

    private readonly TransactionIdentity _identity;
    private readonly Sweeper _sweeper = new();
    private readonly int _maxSegments;
    private Slot[][] _segments;
    private int _shortestTimeToLiveMs = int.MaxValue;

    public TransactionStore(TimeProvider time, int maxCapacity = MaxCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxCapacity, MaxCapacity);
        Span<byte> instance = stackalloc byte[sizeof(uint)];
        RandomNumberGenerator.Fill(instance);
        _identity = new TransactionIdentity(BitConverter.ToUInt32(instance), time);
        _maxSegments = Math.Max(1, maxCapacity >> Segment.Bits);
        _segments = [new Slot[Segment.Size]];
    }

    /// <summary>Milliseconds on the monotonic clock that deadlines are measured by.</summary>
    public long NowMs => _identity.NowMs;

    /// <summary>How many transactions could be open before the store grows.</summary>
    public int Capacity => Volatile.Read(ref _segments).Length << Segment.Bits;

    /// <summary>The bytes that its segments take.</summary>
    public long Bytes => (long)Capacity * Unsafe.SizeOf<Slot>();

    /// <summary>Opens a transaction; <see langword="false"/> when as many are open as may be.</summary>
    /// <param name="quota">Where its amount has been reserved.</param>
    /// <param name="amount">The amount.</param>
    /// <param name="nowMs"><see cref="NowMs"/>.</param>
    /// <param name="timeToLiveMs">After how many milliseconds it expires.</param>
    /// <param name="handle">Its handle.</param>
    public bool TryBegin(Quota quota, int amount, long nowMs, int timeToLiveMs, out TransactionHandle handle)
    {
        if (timeToLiveMs < _shortestTimeToLiveMs)
        {
            Shorten(timeToLiveMs);
        }

        if (TryOpen(t_hint - 1, quota, amount, nowMs, timeToLiveMs, out handle))
        {
            return true;
        }

        return TryBeginElsewhere(quota, amount, nowMs, timeToLiveMs, out handle);
    }

    /// <summary>Claims the right to commit. Whoever gets it must end with <see cref="Release"/>.</summary>
    public ClaimOutcome TryClaimCommit(TransactionHandle handle, long nowMs)
        => TryClaim(handle, TransactionState.Committing, nowMs);

    /// <summary>Claims the right to roll back, gives the reservation back and ends the transaction.</summary>
    public ClaimOutcome TryRollback(TransactionHandle handle, long nowMs)
    {
        ClaimOutcome outcome = TryClaim(handle, TransactionState.RolledBack, nowMs);
        if (outcome == ClaimOutcome.Claimed)
        {
            ref Slot slot = ref SlotOf(handle);
            slot.Quota.Release(slot.Amount);
            Release(handle);
        }

        return outcome;
    }

    /// <summary>Ends a transaction whose commit this caller has claimed. Its reservation is the caller's to settle.</summary>
    public void Release(TransactionHandle handle)
    {
        ref Slot slot = ref SlotOf(handle);
        Debug.Assert(SlotWord.GenerationOf(slot.Word) == handle.Generation, "Only the owner releases a slot.");
        slot.Quota = null!;
        if (((handle.Index ^ (t_hint - 1)) & ~(Window - 1)) == 0)
        {
            // Warm in this thread's cache, so it looks there next. Not where another thread begins: they would stay on each other's cache lines.
            t_hint = handle.Index + 1;
        }

        // Release order: whoever wins the free slot must not see this owner's writes after its own (invariant 3).
        Volatile.Write(ref slot.Word, SlotWord.Of(handle.Generation + 1, TransactionState.Free));
    }

    /// <summary>Where an open or claimed transaction's amount is reserved.</summary>
    public (Quota Quota, int Amount) ReservedBy(TransactionHandle handle)
    {
        ref Slot slot = ref SlotOf(handle);
        return (slot.Quota, slot.Amount);
    }

    /// <summary>The id under which the ledger knows a transaction: the same as long as its handle is valid.</summary>
    public Guid IdOf(TransactionHandle handle)
    {
        ref Slot slot = ref SlotOf(handle);
        return _identity.Compose(slot.DeadlineMs - slot.TimeToLiveMs, handle);
    }

    /// <summary>The same id, as <see cref="TransactionIdentity.ComposeWords"/> makes it.</summary>
    public (ulong Start, ulong End) IdWordsOf(TransactionHandle handle)
    {
        ref Slot slot = ref SlotOf(handle);
        return _identity.ComposeWords(slot.DeadlineMs - slot.TimeToLiveMs, handle);
    }

    /// <summary>When a transaction began and when it expires, on the wall clock.</summary>
    public (DateTimeOffset StartedAt, DateTimeOffset ExpiresAt) TimesOf(TransactionHandle handle)
    {
        ref Slot slot = ref SlotOf(handle);
        return (_identity.ToWallClock(slot.DeadlineMs - slot.TimeToLiveMs), _identity.ToWallClock(slot.DeadlineMs));
    }

    /// <summary>
    /// Expires what is overdue among the next slots, and frees what an earlier pass expired; segments in which nothing can be due are passed over. One caller at a
    /// time; begins and commits go on beside it.
    /// </summary>
    /// <param name="nowMs"><see cref="NowMs"/>; never earlier than in the call before.</param>
    /// <param name="maxSlots">How many slots to look at.</param>
    public SweepResult Sweep(long nowMs, int maxSlots = Segment.Size)
        => _sweeper.Sweep(Volatile.Read(ref _segments), nowMs, Volatile.Read(ref _shortestTimeToLiveMs), maxSlots);

    /// <summary>Counts the open transactions and the age of the oldest, by reading every slot; for people and gauges.</summary>
    public (int Active, long OldestAgeMs) Count(long nowMs)
    {
        int active = 0;
        long oldest = 0;
        foreach (Slot[] segment in Volatile.Read(ref _segments))
        {
            foreach (ref Slot slot in segment.AsSpan())
            {
                if (SlotWord.StateOf(Volatile.Read(ref slot.Word)) is TransactionState.Active or TransactionState.Committing)
                {
                    active++;
                    oldest = Math.Max(oldest, nowMs - (slot.DeadlineMs - slot.TimeToLiveMs));
                }
            }
        }

        return (active, oldest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryOpen(int index, Quota quota, int amount, long nowMs, int timeToLiveMs, out TransactionHandle handle)
    {
        Slot[][] segments = _segments;
        int place = index >> Segment.Bits;
        if ((uint)place < (uint)segments.Length)
        {
            ref Slot slot = ref segments[place][index & Segment.Mask];
            long word = Volatile.Read(ref slot.Word);
            long generation = SlotWord.GenerationOf(word);

            // Invariant 1: winning the slot is this swap, from the very word that was read free.
            if (SlotWord.StateOf(word) == TransactionState.Free
                && Interlocked.CompareExchange(ref slot.Word, SlotWord.Of(generation, TransactionState.Opening), word) == word)
            {
                slot.Quota = quota;
                slot.Amount = amount;
                slot.TimeToLiveMs = timeToLiveMs;
                slot.DeadlineMs = nowMs + timeToLiveMs;

                // Invariant 2: Active is published after the deadline, so expiry never reads the one of the owner before.
                Volatile.Write(ref slot.Word, SlotWord.Of(generation, TransactionState.Active));
                handle = new TransactionHandle(index, generation);
                return true;
            }
        }

        handle = default;
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryBeginElsewhere(Quota quota, int amount, long nowMs, int timeToLiveMs, out TransactionHandle handle)
    {
        // Threads start apart: the words of two threads on one cache line cost more than all the rest.
        int index = t_hint > 0 ? After(t_hint - 1) : (int)((uint)Interlocked.Increment(ref s_nextThread) * Window);
        while (true)
        {
            int capacity = Capacity;
            for (int jump = 0; jump < Places; jump++)
            {
                index = (int)((uint)index % (uint)capacity);
                for (int probe = 0; probe < ProbesPerPlace; probe++)
                {
                    if (TryOpen(index, quota, amount, nowMs, timeToLiveMs, out handle))
                    {
                        t_hint = index + 1;
                        return true;
                    }

                    index = After(index);
                }

                index = (int)((uint)index * 2654435761u);
            }

            if (!TryGrow(capacity))
            {
                return TryAnywhere(quota, amount, nowMs, timeToLiveMs, out handle);
            }

            index = capacity;
        }
    }

    // Every slot of a window of 64 in turn, then the next window; each is two cache lines or more from the one before, so that two threads that meet at a
    // slot part.
    private static int After(int index) => (index & (Window - 1)) switch
    {
        < Window - Stride => index + Stride,
        Window - Stride => index + (2 * Stride) - 1,
        _ => index - Window + Stride - 1,
    };

    // At the limit of growth only: every slot is looked at before the answer is no.
    private bool TryAnywhere(Quota quota, int amount, long nowMs, int timeToLiveMs, out TransactionHandle handle)
    {
        for (int index = 0; index < Capacity; index++)
        {
            if (TryOpen(index, quota, amount, nowMs, timeToLiveMs, out handle))
            {
                return true;
            }
        }

        handle = default;
        return false;
    }

    // Segments are only ever added, to a copy of the list: readers hold an old list or a new one, and both name the same slots (invariant 8). Of two that
    // grow at once one throws its segment away; neither waits for the other.
    private bool TryGrow(int seenCapacity)
    {
        Slot[][] segments = Volatile.Read(ref _segments);
        if (segments.Length << Segment.Bits > seenCapacity)
        {
            return true;
        }

        if (segments.Length >= _maxSegments)
        {
            return false;
        }

        Interlocked.CompareExchange(ref _segments, [.. segments, new Slot[Segment.Size]], segments);
        return true;
    }

    // Told before the transaction is published: a pass that does not see it yet finds the transaction late, and never loses it (invariant 9).
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Shorten(int timeToLiveMs)
    {
        int seen = Volatile.Read(ref _shortestTimeToLiveMs);
        while (timeToLiveMs < seen && Interlocked.CompareExchange(ref _shortestTimeToLiveMs, timeToLiveMs, seen) is var now && now != seen)
        {
            seen = now;
        }
    }

    private ClaimOutcome TryClaim(TransactionHandle handle, TransactionState target, long nowMs)
    {
        if (handle.IsNone)
        {
            return ClaimOutcome.Stale;
        }

        ref Slot slot = ref SlotOf(handle);
        long active = SlotWord.Of(handle.Generation, TransactionState.Active);

        // Expiry is checked here as well, so that a late sweep lets nothing through. A handle that is stale fails the swap below, whatever this reads.
        bool isOverdue = Volatile.Read(ref slot.DeadlineMs) <= nowMs;
        if (isOverdue && Volatile.Read(ref slot.Word) == active)
        {
            slot.TryExpire(active);
        }
        else if (Interlocked.CompareExchange(ref slot.Word, SlotWord.Of(handle.Generation, target), active) == active)
        {
            return ClaimOutcome.Claimed;
        }

        long word = Volatile.Read(ref slot.Word);
        return SlotWord.GenerationOf(word) != handle.Generation
            ? ClaimOutcome.Stale
            : SlotWord.StateOf(word) == TransactionState.Expired ? ClaimOutcome.Expired : ClaimOutcome.Busy;
    }

    private ref Slot SlotOf(TransactionHandle handle) => ref _segments[handle.Index >> Segment.Bits][handle.Index & Segment.Mask];
}
