using Reliable.Infrastructure;

namespace Reliable.Transactions;

/// <summary>Three threads do three random things each to one transaction, and what they were told is checked afterwards.</summary>
[Collection(RunsAlone.Name)]
public sealed class LinearizabilityTests
{
    private const int Threads = 3;
    private const int OperationsEach = 3;
    private const int BatchSize = 200;

    private static int s_clock;

    [Theory]
    [InlineData(1)]
    public void Store_WhenHistoriesAreRecorded_HasNoneThatIsNotLinearizable(int seed)
    {
        const int Batches = 120;
        var store = new TransactionStore(new FakeTimeProvider(), Segment.Size);
        var quota = new Quota("u1", "requests");

        // One transaction at a time, so that a sweep that expires expires this one.
        int violations = Record(seed, Batches, isOneAtATime: true, () => new StoreSlot(store, quota), out int histories);

        Assert.Equal(Batches * BatchSize, histories);
        Assert.True(violations == 0, $"{violations} of {histories} histories are not linearizable; seed {seed}.");
        while (!store.Sweep(int.MaxValue).IsPassComplete || quota.Read().Reserved > 0)
        {
        }

        Assert.Equal(0, store.Count(0).Active);
    }

    [Fact]
    public void Mutant_WhenHistoriesAreRecorded_IsCaught()
    {
        const int MostBatches = 1_000;
        int violations = 0;
        int histories = 0;
        for (int batch = 0; batch < MostBatches && violations == 0; batch++)
        {
            violations += Record(batch, batches: 1, isOneAtATime: false, static () => new CheckThenSetSlot(), out int recorded);
            histories += recorded;
        }

        Assert.True(violations > 0, $"The check-then-set mutant went unnoticed in {histories} histories.");
    }

    [Fact]
    public void IsLinearizable_WhenTwoHaveWon_IsFalse()
    {
        Assert.False(SlotHistory.IsLinearizable(
        [
            new(SlotOperation.Claim, SlotAnswer.Won, 0, 3),
            new(SlotOperation.Rollback, SlotAnswer.Won, 1, 2),
        ]));
        Assert.False(SlotHistory.IsLinearizable(
        [
            new(SlotOperation.Sweep, SlotAnswer.Won, 0, 3),
            new(SlotOperation.Claim, SlotAnswer.Won, 1, 2),
        ]));
    }

    [Fact]
    public void IsLinearizable_WhenALoserCameBeforeEveryWinner_IsFalse()
        => Assert.False(SlotHistory.IsLinearizable(
        [
            new(SlotOperation.Claim, SlotAnswer.Lost, 0, 1),
            new(SlotOperation.Rollback, SlotAnswer.Won, 2, 3),
        ]));

    [Fact]
    public void IsLinearizable_WhenTheWinnerBeganBeforeTheLoserEnded_IsTrue()
        => Assert.True(SlotHistory.IsLinearizable(
        [
            new(SlotOperation.Claim, SlotAnswer.Lost, 0, 2),
            new(SlotOperation.Rollback, SlotAnswer.Won, 1, 3),
        ]));

    [Fact]
    public void IsLinearizable_WhenExpiredAndFreed_IsTrue()
        => Assert.True(SlotHistory.IsLinearizable(
        [
            new(SlotOperation.Sweep, SlotAnswer.Won, 0, 1),
            new(SlotOperation.Claim, SlotAnswer.Expired, 2, 3),
            new(SlotOperation.Sweep, SlotAnswer.Lost, 4, 5),
            new(SlotOperation.Rollback, SlotAnswer.Lost, 6, 7),
        ]));

    private static int Record(int seed, int batches, bool isOneAtATime, Func<ISlotUnderTest> create, out int histories)
    {
        var slots = new ISlotUnderTest[BatchSize];
        var events = new SlotEvent[BatchSize][];
        int[] arrived = new int[BatchSize];
        int[] left = new int[BatchSize];
        int violations = 0;
        int recorded = 0;
        Race.Run(
            Threads,
            batches,
            before: _ =>
            {
                Array.Clear(arrived);
                Array.Clear(left);
                for (int i = 0; i < BatchSize; i++)
                {
                    slots[i] = isOneAtATime ? null! : create();
                    events[i] = new SlotEvent[Threads * OperationsEach];
                }
            },
            body: (thread, batch) =>
            {
                var random = new Random(HashCode.Combine(seed, thread, batch));
                for (int i = 0; i < BatchSize; i++)
                {
                    if (isOneAtATime && thread == 0)
                    {
                        WaitUntil(left, i - 1);
                        slots[i] = create();
                    }

                    Interlocked.Increment(ref arrived[i]);
                    WaitUntil(arrived, i);
                    Play(slots[i], random, thread, events[i]);
                    Interlocked.Increment(ref left[i]);
                }
            },
            after: _ =>
            {
                foreach (SlotEvent[] history in events)
                {
                    recorded++;
                    violations += SlotHistory.IsLinearizable(history) ? 0 : 1;
                }
            });
        histories = recorded;
        return violations;
    }

    private static void Play(ISlotUnderTest slot, Random random, int thread, SlotEvent[] events)
    {
        bool holds = false;
        for (int n = 0; n < OperationsEach; n++)
        {
            // Only one thread sweeps, as in the runtime; and who holds a claim ends it sooner or later.
            int choice = random.Next(thread == 0 ? 4 : 3);
            SlotOperation operation = holds && (n == OperationsEach - 1 || random.Next(2) == 0) ? SlotOperation.Release : (SlotOperation)choice;
            int invoked = Interlocked.Increment(ref s_clock);
            SlotAnswer answer = SlotAnswer.Won;
            switch (operation)
            {
                case SlotOperation.Claim:
                    answer = slot.Claim(isLate: false);
                    holds |= answer == SlotAnswer.Won;
                    break;
                case SlotOperation.ClaimLate:
                    answer = slot.Claim(isLate: true);
                    break;
                case SlotOperation.Rollback:
                    answer = slot.Rollback();
                    break;
                case SlotOperation.Sweep:
                    answer = slot.Sweep();
                    break;
                default:
                    slot.Release();
                    holds = false;
                    break;
            }

            events[thread * OperationsEach + n] = new SlotEvent(operation, answer, invoked, Interlocked.Increment(ref s_clock));
        }

        if (holds)
            slot.Release();
    }

    private static void WaitUntil(int[] counts, int index)
    {
        var spin = default(SpinWait);
        while (index >= 0 && Volatile.Read(ref counts[index]) < Threads)
            spin.SpinOnce(sleep1Threshold: -1);
    }
}
