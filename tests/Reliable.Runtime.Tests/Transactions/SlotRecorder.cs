using Reliable.Infrastructure;

namespace Reliable.Transactions;

/// <summary>
/// Threads that do random things to one slot at a time: each history begins with an open transaction, and ends with a free slot and a quota that has counted the
/// commits and holds no reservation.
/// </summary>
internal sealed class SlotRecorder(ISlotUnderTest slot, int seed, int threads, bool reuses)
{
    private const int OperationsEach = 3;
    private const int BatchSize = 500;

    private static int s_clock;

    private readonly int[] _arrived = new int[BatchSize];
    private readonly int[] _left = new int[BatchSize];
    private readonly SlotEvent[][] _events = [.. Enumerable.Range(0, BatchSize).Select(_ => new SlotEvent[threads * OperationsEach])];
    private long _first;
    private long _current;
    private int _commits;

    /// <summary>Histories that cannot have happened.</summary>
    public int Violations { get; private set; }

    /// <summary>Batches after which the quota was wrong.</summary>
    public int Miscounts { get; private set; }

    public int Histories { get; private set; }

    public void Record(int batches)
    {
        Race.Run(
            threads,
            batches,
            before: _ =>
            {
                Array.Clear(_arrived);
                Array.Clear(_left);
            },
            body: (thread, batch) =>
            {
                var random = new Random(HashCode.Combine(seed, thread, batch));
                for (int i = 0; i < BatchSize; i++)
                {
                    if (thread == 0)
                    {
                        WaitUntil(_left, i - 1);
                        slot.Settle();
                        _first = slot.Begin();
                        Volatile.Write(ref _current, _first);
                    }

                    Interlocked.Increment(ref _arrived[i]);
                    WaitUntil(_arrived, i);
                    Play(random, thread, _events[i]);
                    Interlocked.Increment(ref _left[i]);
                }
            },
            after: _ =>
            {
                slot.Settle();
                foreach (SlotEvent[] history in _events)
                {
                    Histories++;
                    Violations += SlotHistory.IsLinearizable(history) ? 0 : 1;
                }

                (long used, long reserved) = slot.Quota.Read();
                Miscounts += used != _commits || reserved != 0 ? 1 : 0;
            });
    }

    private void Play(Random random, int thread, SlotEvent[] events)
    {
        long held = -1;
        for (int n = 0; n < OperationsEach; n++)
        {
            SlotOperation operation = Choose(random, thread, isHolding: held >= 0, isLast: n == OperationsEach - 1);

            // Now and then a handle that is stale already.
            long generation = operation == SlotOperation.Release ? held : Math.Max(_first, Volatile.Read(ref _current) - (random.Next(4) == 0 ? 1 : 0));
            int invoked = Interlocked.Increment(ref s_clock);
            SlotAnswer answer = SlotAnswer.Won;
            switch (operation)
            {
                case SlotOperation.Claim:
                    answer = slot.Claim(generation, isLate: false);
                    held = answer == SlotAnswer.Won ? generation : held;
                    break;
                case SlotOperation.ClaimLate:
                    answer = slot.Claim(generation, isLate: true);
                    break;
                case SlotOperation.Rollback:
                    answer = slot.Rollback(generation);
                    break;
                case SlotOperation.Begin:
                    generation = slot.Begin();
                    answer = generation >= 0 ? SlotAnswer.Won : SlotAnswer.Lost;
                    if (generation >= 0)
                        Volatile.Write(ref _current, generation);

                    break;
                case SlotOperation.Sweep:
                    answer = slot.Sweep();
                    break;
                default:
                    Release(ref held);
                    break;
            }

            events[thread * OperationsEach + n] =
                new SlotEvent(operation, (int)(generation - _first), answer, invoked, Interlocked.Increment(ref s_clock));
        }
    }

    // Only one thread sweeps, as in the runtime; and who holds a claim ends it sooner or later.
    private SlotOperation Choose(Random random, int thread, bool isHolding, bool isLast)
    {
        if (isHolding && (isLast || random.Next(2) == 0))
            return SlotOperation.Release;

        int choice = random.Next(thread == 0 ? 5 : 4);
        var operation = choice == (int)SlotOperation.Begin && !reuses ? SlotOperation.Claim : (SlotOperation)choice;

        // A claim needs a release in the same history.
        return operation == SlotOperation.Claim && isLast ? SlotOperation.ClaimLate : operation;
    }

    private void Release(ref long held)
    {
        Interlocked.Increment(ref _commits);
        slot.Release(held);
        held = -1;
    }

    private void WaitUntil(int[] counts, int index)
    {
        var spin = default(SpinWait);
        while (index >= 0 && Volatile.Read(ref counts[index]) < threads)
            spin.SpinOnce(sleep1Threshold: -1);
    }
}
