using Reliable.Infrastructure;

namespace Reliable.Transactions;

/// <summary>The invariants of a quota while threads reserve, release, count and refresh it.</summary>
[Collection(RunsAlone.Name)]
public sealed class QuotaSoakTests
{
    private const int Limit = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TryReserve_WhenThreadsReserveReleaseAndCount_NeverPassesTheLimit(int seed)
    {
        const int Rounds = 1_000;
        Quota quota = null!;
        int counted = 0;
        Race.Run(
            threads: 4,
            Rounds,
            before: _ =>
            {
                counted = 0;
                quota = WithLimit();
            },
            body: (thread, round) =>
            {
                var random = new Random(HashCode.Combine(seed, thread, round));
                for (int step = 0; step < 100; step++)
                {
                    int amount = random.Next(1, 6);
                    if (quota.TryReserve(amount) != ReserveOutcome.Reserved)
                        continue;

                    AssertWithinLimit(quota);
                    if (random.Next(4) == 0)
                    {
                        quota.CountOne(amount);
                        Interlocked.Add(ref counted, amount);
                    }
                    else
                    {
                        quota.Release(amount);
                    }
                }
            },
            after: _ => Assert.Equal((counted, 0), quota.Read()));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Arrive_WhenAStoreAnswersBesideRefreshes_IsExactAndNeverPassesTheLimit(int seed)
    {
        const int Rounds = 1_000;
        var storeLock = new Lock();
        long stored = 0;
        Quota quota = null!;
        Race.Run(
            threads: 4,
            Rounds,
            before: _ =>
            {
                stored = 0;
                quota = WithLimit();
            },
            body: (thread, round) =>
            {
                var random = new Random(HashCode.Combine(seed, thread, round));
                for (int step = 0; step < 60; step++)
                {
                    if (thread == 3)
                    {
                        // A reading that may be old by the time it is taken.
                        QuotaMark mark = quota.Mark();
                        long used = Interlocked.Read(ref stored);
                        Thread.SpinWait(random.Next(50));
                        quota.TryRefresh(mark, used, QuotaTests.Terms(Limit), 1_000, force: false);
                        AssertWithinLimit(quota);
                        continue;
                    }

                    int amount = random.Next(1, 6);
                    if (quota.TryReserve(amount) != ReserveOutcome.Reserved)
                        continue;

                    AssertWithinLimit(quota);
                    if (random.Next(3) != 0)
                    {
                        quota.Release(amount);
                        continue;
                    }

                    quota.Depart();
                    lock (storeLock)
                    {
                        // Replies come in the store's order.
                        Interlocked.Add(ref stored, amount);
                        quota.Arrive(amount, stored, Limit, 1_000);
                    }
                }
            },
            after: _ =>
            {
                Assert.InRange(stored, 0, Limit);
                Assert.Equal((stored, 0), quota.Read());
                Assert.Equal(0, quota.Mark().InFlight);
            });
    }

    [Fact]
    public void TryRetire_WhenItRacesWithReservations_NeverForgetsOne()
    {
        const int Rounds = 20_000;
        var table = new QuotaTable("requests");
        Quota[] held = new Quota[2];
        Race.Run(
            threads: 3,
            Rounds,
            before: static _ => { },
            body: (thread, _) =>
            {
                if (thread == 2)
                {
                    table.Forget(0, int.MaxValue);
                    return;
                }

                Quota quota = table.Get("u1");
                bool again = thread == 1;
                while ((again ? quota.ReserveAgain(1) : quota.TryReserve(1)) == ReserveOutcome.Retired)
                    quota = table.Renew(quota);

                held[thread] = quota;
            },
            after: _ =>
            {
                // Both hold the entry that the table knows.
                Assert.Same(held[0], held[1]);
                Assert.Same(held[0], table.Get("u1"));
                Assert.Equal((0, 2), held[0].Read());
                held[0].Release(1);
                held[1].Release(1);
            });
    }

    private static Quota WithLimit()
    {
        var quota = new Quota("u1", "requests");
        Assert.True(quota.TryRefresh(quota.Mark(), 0, QuotaTests.Terms(Limit), 1_000, force: false));
        return quota;
    }

    private static void AssertWithinLimit(Quota quota)
    {
        (long used, long reserved) = quota.Read();
        if (used + reserved > Limit || used < 0 || reserved < 0)
            Assert.Fail($"Used {used} and reserved {reserved} are beyond the limit of {Limit}.");
    }
}
