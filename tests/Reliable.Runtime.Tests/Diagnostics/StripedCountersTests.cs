using Reliable.Infrastructure;

namespace Reliable.Diagnostics;

public sealed class StripedCountersTests
{
    [Fact]
    public void Add_WhenThreadsAreMoreThanRows_LosesNothing()
    {
        var counters = new StripedCounters(3);
        const int Threads = 100;
        Race.Run(Threads, rounds: 5, static _ => { }, (thread, _) =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                counters.Add(i % 3, thread + 1);
            }
        }, static _ => { });

        long perThread = 5 * Threads * (Threads + 1) / 2;
        Assert.Equal((667 * perThread, 667 * perThread, 666 * perThread), (counters[0], counters[1], counters[2]));
    }

    [Fact]
    public void Add_WhenThreadsComeAndGo_KeepsWhatTheyCounted()
    {
        var counters = new StripedCounters(1);
        for (int i = 0; i < 300; i++)
        {
            var thread = new Thread(() => counters.Add(0));
            thread.Start();
            thread.Join();
        }

        Assert.Equal(300, counters[0]);
    }

    [Fact]
    public void Read_WhileOthersAdd_NeverGoesBack()
    {
        var counters = new StripedCounters(1);
        Thread[] adding = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 200_000; i++)
            {
                counters.Add(0);
            }
        }))];
        Array.ForEach(adding, static thread => thread.Start());
        long last = 0;
        while (adding.Any(static thread => thread.IsAlive))
        {
            long now = counters[0];
            Assert.True(now >= last, $"{now} after {last}.");
            last = now;
        }

        Assert.Equal(800_000, counters[0]);
    }
}
