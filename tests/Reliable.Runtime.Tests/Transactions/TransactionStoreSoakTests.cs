using Reliable.Infrastructure;

namespace Reliable.Transactions;

/// <summary>Threads that begin, commit, roll back and expire the same transactions; what they leave behind is checked when they have ended.</summary>
[Collection(RunsAlone.Name)]
public sealed class TransactionStoreSoakTests
{
    private const int TimeToLive = 100;

    private readonly Quota _quota = new("u1", "requests");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Claim_WhenAllRaceForTheSameHandles_HasExactlyOneWinnerEach(int seed)
    {
        const int Rounds = 150;
        const int Handles = 400;
        var store = new TransactionStore(new FakeTimeProvider());
        var handles = new TransactionHandle[Handles];
        int[] wins = new int[Handles];
        int commits = 0;
        int expired = 0;
        int start = 0;
        Race.Run(
            threads: 4,
            Rounds,
            before: round =>
            {
                Array.Clear(wins);
                expired = 0;
                start = round * 100 * TimeToLive;
                for (int i = 0; i < Handles; i++)
                {
                    _quota.TryReserve(i % 5 + 1);

                    // A third is overdue for whoever looks with the late time.
                    store.TryBegin(_quota, i % 5 + 1, start, i % 3 == 0 ? TimeToLive : TimeToLive * 10, out handles[i]);
                }
            },
            body: (thread, round) =>
            {
                var random = new Random(HashCode.Combine(seed, thread, round));
                if (thread == 3)
                {
                    SweepResult step;
                    do
                    {
                        step = store.Sweep(start + TimeToLive, random.Next(16, 512));
                        expired += step.Expired;
                    }
                    while (!step.IsPassComplete);

                    return;
                }

                // From both ends, so that threads meet; the third begins in the middle.
                for (int n = 0; n < Handles; n++)
                {
                    int i = thread switch { 0 => n, 1 => Handles - 1 - n, _ => (n + Handles / 2) % Handles };
                    bool commit = random.Next(2) == 0;
                    ClaimOutcome outcome = commit ? store.TryClaimCommit(handles[i], start + 1) : store.TryRollback(handles[i], start + 1);
                    if (outcome != ClaimOutcome.Claimed)
                        continue;

                    Interlocked.Increment(ref wins[i]);
                    if (commit)
                    {
                        (Quota quota, int amount) = store.ReservedBy(handles[i]);
                        quota.CountOne(amount);
                        Interlocked.Add(ref commits, amount);
                        store.Release(handles[i]);
                    }
                }
            },
            after: round =>
            {
                Assert.All(wins, static count => Assert.InRange(count, 0, 1));
                Assert.Equal(Handles, wins.Sum() + expired);
                Assert.Equal((commits, 0), _quota.Read());
                Assert.Equal(0, store.Count(0).Active);
            });
        AssertNothingIsLeft(store);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Claim_WhenSlotsAreReusedAndHandlesAreOld_LosesNothingAndCountsNothingTwice(int seed)
    {
        const int Steps = 60_000;
        var store = new TransactionStore(new FakeTimeProvider(), Segment.Size);
        var shared = new SharedHandles(64);
        long committed = 0;
        long clock = 0;
        int running = 3;
        Race.Run(
            threads: 4,
            rounds: 1,
            before: static _ => { },
            body: (thread, _) =>
            {
                var random = new Random(HashCode.Combine(seed, thread));
                if (thread == 3)
                {
                    while (Volatile.Read(ref running) > 0)
                        store.Sweep(Interlocked.Add(ref clock, random.Next(TimeToLive / 4)), random.Next(1, 2 * Segment.Size));

                    return;
                }

                for (int step = 0; step < Steps; step++)
                {
                    int place = random.Next(shared.Count);
                    int amount = random.Next(1, 4);
                    long now = Volatile.Read(ref clock);
                    switch (random.Next(4))
                    {
                        case 0:
                            _quota.TryReserve(amount);
                            if (!store.TryBegin(_quota, amount, now, random.Next(2) == 0 ? TimeToLive : 2 * TimeToLive, out TransactionHandle begun))
                            {
                                // Every slot has expired and waits for the sweeper, which may not have run for a while.
                                _quota.Release(amount);
                                break;
                            }

                            // Whatever stood there is rolled back, unless somebody settles it first.
                            store.TryRollback(shared.Swap(place, begun), now);
                            break;
                        case 1:
                            TransactionHandle handle = shared[place];
                            if (store.TryClaimCommit(handle, now) == ClaimOutcome.Claimed)
                            {
                                (Quota quota, int reserved) = store.ReservedBy(handle);
                                Interlocked.Add(ref committed, reserved);
                                quota.CountOne(reserved);
                                store.Release(handle);
                            }

                            break;
                        case 2:
                            store.TryRollback(shared[place], now);
                            break;
                        default:
                            // Late: expires what is overdue, beside the sweeper that expires and frees the same slots.
                            store.TryRollback(shared[place], now + TimeToLive);
                            break;
                    }
                }

                Interlocked.Decrement(ref running);
            },
            after: static _ => { },
            onFailure: () => Volatile.Write(ref running, 0));
        for (int i = 0; i < shared.Count; i++)
            store.TryRollback(shared[i], 0);

        Assert.Equal((committed, 0), _quota.Read());
        AssertNothingIsLeft(store);
    }

    [Fact]
    public void TryClaimCommit_WhenItExpiresBesideTheSweeper_GivesItsOwnReservationBack()
    {
        const int Steps = 300_000;
        var store = new TransactionStore(new FakeTimeProvider(), Segment.Size);
        var other = new Quota("u2", "requests");
        long clock = 0;
        int running = 1;
        Race.Run(
            threads: 2,
            rounds: 1,
            before: static _ => { },
            body: (thread, _) =>
            {
                if (thread == 1)
                {
                    while (Volatile.Read(ref running) > 0)
                        store.Sweep(Volatile.Read(ref clock), 128);

                    return;
                }

                for (int step = 0; step < Steps; step++)
                {
                    Quota quota = step % 2 == 0 ? _quota : other;
                    long now = (long)step * TimeToLive;
                    Volatile.Write(ref clock, now);
                    quota.TryReserve(1);
                    if (!store.TryBegin(quota, 1, now, TimeToLive, out TransactionHandle handle))
                    {
                        quota.Release(1);
                        Thread.Yield();
                        continue;
                    }

                    if (store.TryClaimCommit(handle, now + TimeToLive) is ClaimOutcome.Claimed or ClaimOutcome.Busy)
                        Assert.Fail("An overdue commit was let through.");
                }

                Volatile.Write(ref running, 0);
            },
            after: static _ => { },
            onFailure: () => Volatile.Write(ref running, 0));

        Assert.Equal((0, 0), _quota.Read());
        Assert.Equal((0, 0), other.Read());
        AssertNothingIsLeft(store);
    }

    // Passes, of which the first may begin in the middle, free whatever has expired: then every slot there is can be opened again.
    private static void AssertNothingIsLeft(TransactionStore store)
    {
        Assert.Equal(0, store.Count(0).Active);
        for (int pass = 0; pass < 3; pass++)
        {
            while (!store.Sweep(long.MaxValue).IsPassComplete)
            {
            }
        }

        int capacity = store.Capacity;
        var quota = new Quota("u3", "requests");
        var slots = new HashSet<int>();
        while (store.Capacity == capacity && slots.Count < capacity && store.TryBegin(quota, 1, 0, TimeToLive, out TransactionHandle handle))
            Assert.True(slots.Add(handle.Index), "A slot was given away twice.");
    }

    /// <summary>Handles that several threads read and replace; a handle is two words, so a lock keeps it whole.</summary>
    private sealed class SharedHandles(int count)
    {
        private readonly Lock _lock = new();
        private readonly TransactionHandle[] _handles = new TransactionHandle[count];

        public int Count => count;

        public TransactionHandle this[int place]
        {
            get
            {
                lock (_lock)
                    return _handles[place];
            }
        }

        public TransactionHandle Swap(int place, TransactionHandle next)
        {
            lock (_lock)
            {
                TransactionHandle last = _handles[place];
                _handles[place] = next;
                return last;
            }
        }
    }
}
