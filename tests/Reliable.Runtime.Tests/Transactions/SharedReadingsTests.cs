namespace Reliable.Transactions;

public sealed class SharedReadingsTests
{
    private readonly SharedReadings _readings = new();
    private readonly Quota _quota = new("u1", "requests");

    [Fact]
    public async Task Join_WhenOneIsUnderWay_SharesIt()
    {
        var reading = new TaskCompletionSource();
        int readings = 0;
        Func<object, Quota, Task> refresh = (_, _) =>
        {
            readings++;
            return reading.Task;
        };
        Task first = _readings.Join(_quota, this, refresh);
        Task second = _readings.Join(_quota, this, refresh);
        Task ofAnother = _readings.Join(new Quota("u2", "requests"), this, refresh);

        Assert.Same(first, second);
        Assert.NotSame(first, ofAnother);
        Assert.False(first.IsCompleted);
        reading.SetException(new TimeoutException());
        await first;
        Assert.Equal(2, readings);
        Assert.NotSame(first, _readings.Join(_quota, this, refresh));
    }

    [Fact]
    public void Join_WhenItFailsAtOnce_DoesNotHoldUpTheNext()
    {
        Assert.True(_readings.Join(_quota, this, (_, _) => throw new TimeoutException()).IsCompletedSuccessfully);
        Assert.True(_readings.Join(_quota, this, (_, _) => Task.CompletedTask).IsCompletedSuccessfully);
    }

    // One that stayed would be a young object to look for in an old table, and would keep its quota when that is forgotten.
    [Fact]
    public async Task Join_WhenAllHaveEnded_KeepsNothing()
    {
        Task[] all = [.. Enumerable.Range(0, 100).Select(i => _readings.Join(
            new Quota($"u{i}", "requests"), this, async (_, _) =>
            {
                await Task.Yield();
                if (i % 2 == 0)
                    throw new TimeoutException();
            }))];

        await Task.WhenAll(all);

        Assert.Equal(0, _readings.Count);
    }
}
