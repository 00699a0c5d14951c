namespace Reliable.Diagnostics;

public sealed class SlidingWindowTests
{
    private const long Window = 300_000;

    [Fact]
    public void Subtract_WhenNothingIsOlderThanTheWindow_LeavesEverything()
    {
        var window = new SlidingWindow(1, nowMs: 1_000);

        Assert.Equal(7, Since(window, nowMs: 2_000, sum: 7));
    }

    [Fact]
    public void Subtract_WhenTheWindowHasPassed_LeavesNothing()
    {
        var window = new SlidingWindow(1, nowMs: 0);
        window.Note(5_000, Window, [7]);

        Assert.Equal(7, Since(window, nowMs: 304_000, sum: 7));
        Assert.Equal(0, Since(window, nowMs: 305_000, sum: 7));
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(1_000)]
    [InlineData(100)]
    public void Subtract_WhenOneIsAddedEachStep_HoldsAsManyAsTheWindow(long stepMs)
    {
        var window = new SlidingWindow(1, nowMs: 0);
        long sum = 0;
        for (long now = stepMs; now <= 4 * Window; now += stepMs)
        {
            window.Note(now, Window, [++sum]);
        }

        // The edge is exact to one sample.
        long expected = Window / stepMs;
        Assert.InRange(Since(window, 4 * Window, sum), expected, expected + (Window / SlidingWindow.SamplesPerWindow / stepMs) + 1);
    }

    [Fact]
    public void Subtract_WhenNobodyLookedForLong_CountsFromTheLastLook()
    {
        var window = new SlidingWindow(1, nowMs: 0);
        window.Note(10_000, Window, [3]);

        Assert.Equal(2, Since(window, nowMs: 10 * Window, sum: 5));
    }

    [Fact]
    public void Note_WhenCalledForHours_AllocatesNothing()
    {
        var window = new SlidingWindow(4, nowMs: 0);
        Span<long> sums = stackalloc long[4];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (long now = 0; now < 100 * Window; now += 5_000)
        {
            window.Note(now, Window, sums);
            window.Subtract(now, Window, sums);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static long Since(SlidingWindow window, long nowMs, long sum)
    {
        Span<long> sums = [sum];
        window.Subtract(nowMs, Window, sums);
        return sums[0];
    }
}
