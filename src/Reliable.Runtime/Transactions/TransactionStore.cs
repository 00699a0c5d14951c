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

    private const int StateBits = 3;
    private const long StateMask = (1 << StateBits) - 1;
    private const int ProbesPerPlace = 16;
    private const int Places = 4;

    // Where this thread looks first. May be stale, or another store's: then the first probe misses, and that is all.
    [ThreadStatic]
    private static int t_hint;

    private static int s_nextThread;

    private readonly Lock _growth = new();
    private readonly TransactionIdentity _identity;
    private readonly int _maxSegments;
    private Slot[][] _segments;
    private int _cursor;
    private int _activeSeen;

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
    public int Capacity => _segments.Length << Segment.Bits;

    /// <summary>Opens a transaction; <see langword="false"/> when as many are open as may be.</summary>
    /// <param name="quota">Where its amount has been reserved.</param>
    /// <param name="amount">The amount.</param>
    /// <param name="nowMs"><see cref="NowMs"/>.</param>
    /// <param name="timeToLiveMs">After how many milliseconds it expires.</param>
    /// <param name="handle">Its handle.</param>
    public bool TryBegin(Quota quota, int amount, long nowMs, int timeToLiveMs, out TransactionHandle handle)
    {
        int hint = t_hint;
        if (TryOpen(hint, quota, amount, nowMs, timeToLiveMs, out handle))
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
        Debug.Assert(GenerationOf(slot.Word) == handle.Generation, "Only the owner releases a slot.");
        slot.Quota = null!;
        t_hint = handle.Index;

        // Release order: whoever wins the free slot must not see this owner's writes after its own (invariant 3).
        Volatile.Write(ref slot.Word, WordOf(handle.Generation + 1, TransactionState.Free));
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

    /// <summary>When a transaction began and when it expires, on the wall clock.</summary>
    public (DateTimeOffset StartedAt, DateTimeOffset ExpiresAt) TimesOf(TransactionHandle handle)
    {
        ref Slot slot = ref SlotOf(handle);
        return (_identity.ToWallClock(slot.DeadlineMs - slot.TimeToLiveMs), _identity.ToWallClock(slot.DeadlineMs));
    }

    /// <summary>
    /// Expires what is overdue among the next slots, and frees what an earlier pass expired. One caller at a time; begins and commits go on beside it.
    /// </summary>
    public SweepResult Sweep(long nowMs, int maxSlots = Segment.Size)
    {
        Slot[][] segments = _segments;
        int end = segments.Length << Segment.Bits;
        int stop = Math.Min(end, _cursor + maxSlots);
        int expired = 0;
        for (int i = _cursor; i < stop; i++)
        {
            ref Slot slot = ref segments[i >> Segment.Bits][i & Segment.Mask];

            // Racy read: every change below is a compare-and-swap from the word read here.
            long word = Volatile.Read(ref slot.Word);
            switch (StateOf(word))
            {
                case TransactionState.Active when Volatile.Read(ref slot.DeadlineMs) > nowMs:
                    _activeSeen++;
                    break;
                case TransactionState.Active:
                    expired += TryExpire(ref slot, word) ? 1 : 0;
                    break;
                case TransactionState.Expired:
                    FreeExpired(ref slot, word);
                    break;
                default:
                    break;
            }
        }

        int active = _activeSeen;
        bool isComplete = stop == end;
        _cursor = isComplete ? 0 : stop;
        _activeSeen = isComplete ? 0 : active;
        return new SweepResult(expired, active, isComplete);
    }

    /// <summary>Counts the open transactions and the age of the oldest, by reading every slot.</summary>
    public (int Active, long OldestAgeMs) Count(long nowMs)
    {
        int active = 0;
        long oldest = 0;
        foreach (Slot[] segment in _segments)
        {
            foreach (ref Slot slot in segment.AsSpan())
            {
                if (StateOf(Volatile.Read(ref slot.Word)) is TransactionState.Active or TransactionState.Committing)
                {
                    active++;
                    oldest = Math.Max(oldest, nowMs - (slot.DeadlineMs - slot.TimeToLiveMs));
                }
            }
        }

        return (active, oldest);
    }

    private static long WordOf(long generation, TransactionState state) => (generation << StateBits) | (long)state;

    private static long GenerationOf(long word) => word >>> StateBits;

    private static TransactionState StateOf(long word) => (TransactionState)(word & StateMask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryOpen(int index, Quota quota, int amount, long nowMs, int timeToLiveMs, out TransactionHandle handle)
    {
        Slot[][] segments = _segments;
        int place = index >> Segment.Bits;
        if ((uint)place < (uint)segments.Length)
        {
            ref Slot slot = ref segments[place][index & Segment.Mask];
            long word = Volatile.Read(ref slot.Word);
            long generation = GenerationOf(word);

            // Invariant 1: winning the slot is this swap, from the very word that was read free.
            if (StateOf(word) == TransactionState.Free
                && Interlocked.CompareExchange(ref slot.Word, WordOf(generation, TransactionState.Opening), word) == word)
            {
                slot.Quota = quota;
                slot.Amount = amount;
                slot.TimeToLiveMs = timeToLiveMs;
                slot.DeadlineMs = nowMs + timeToLiveMs;

                // Invariant 2: Active is published after the deadline, so expiry never reads the one of the owner before.
                Volatile.Write(ref slot.Word, WordOf(generation, TransactionState.Active));
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
        while (true)
        {
            int capacity = Capacity;
            int place = t_hint;
            if (place == 0)
            {
                // Threads start apart: the words of two threads on one cache line cost more than all the rest.
                place = (int)((uint)Interlocked.Increment(ref s_nextThread) * 64 % (uint)capacity);
            }

            for (int jump = 0; jump < Places; jump++)
            {
                for (int probe = 0; probe < ProbesPerPlace; probe++)
                {
                    int index = (place + probe) % capacity;
                    if (TryOpen(index, quota, amount, nowMs, timeToLiveMs, out handle))
                    {
                        t_hint = index;
                        return true;
                    }
                }

                place = (int)((uint)(place + ProbesPerPlace) * 2654435761u % (uint)capacity);
            }

            if (!TryGrow(capacity))
            {
                return TryAnywhere(quota, amount, nowMs, timeToLiveMs, out handle);
            }

            t_hint = capacity;
        }
    }

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

    // Segments are only ever added, to a copy of the list: readers hold an old list or a new one, and both name the same slots.
    private bool TryGrow(int seenCapacity)
    {
        lock (_growth)
        {
            if (Capacity > seenCapacity)
            {
                return true;
            }

            if (_segments.Length >= _maxSegments)
            {
                return false;
            }

            Volatile.Write(ref _segments, [.. _segments, new Slot[Segment.Size]]);
            return true;
        }
    }

    private ClaimOutcome TryClaim(TransactionHandle handle, TransactionState target, long nowMs)
    {
        if (handle.IsNone)
        {
            return ClaimOutcome.Stale;
        }

        ref Slot slot = ref SlotOf(handle);
        long active = WordOf(handle.Generation, TransactionState.Active);

        // Expiry is checked here as well, so that a late sweep lets nothing through. A handle that is stale fails the swap below, whatever this reads.
        bool isOverdue = Volatile.Read(ref slot.DeadlineMs) <= nowMs;
        if (isOverdue && Volatile.Read(ref slot.Word) == active)
        {
            TryExpire(ref slot, active);
        }
        else if (Interlocked.CompareExchange(ref slot.Word, WordOf(handle.Generation, target), active) == active)
        {
            return ClaimOutcome.Claimed;
        }

        long word = Volatile.Read(ref slot.Word);
        return GenerationOf(word) != handle.Generation
            ? ClaimOutcome.Stale
            : StateOf(word) == TransactionState.Expired ? ClaimOutcome.Expired : ClaimOutcome.Busy;
    }

    private static bool TryExpire(ref Slot slot, long active)
    {
        // Read before the swap: whoever sees Expired may free the slot, and its next owner's reservation is not this one's to give back. The swap proves
        // that the word was Active all the while, so that this is what its owner wrote (invariant 7). The caller has read the word with acquire.
        Quota quota = slot.Quota;
        int amount = slot.Amount;
        long expired = WordOf(GenerationOf(active), TransactionState.Expired);
        if (Interlocked.CompareExchange(ref slot.Word, expired, active) != active)
        {
            return false;
        }

        quota.Release(amount);
        return true;
    }

    private static void FreeExpired(ref Slot slot, long expired)
    {
        // Only the sweeper ends an expired slot, and there is one sweeper: nobody else can move this word.
        slot.Quota = null!;
        Volatile.Write(ref slot.Word, WordOf(GenerationOf(expired) + 1, TransactionState.Free));
    }

    private ref Slot SlotOf(TransactionHandle handle) => ref _segments[handle.Index >> Segment.Bits][handle.Index & Segment.Mask];
}
