using Reliable.Calls;

namespace Reliable.Infrastructure;

/// <summary>A streamed method as generated code leaves it, and a reader of it.</summary>
internal sealed class StreamHarness<T>(RuntimeHarness harness, StreamScript<T> model, CallPolicy? policy = null, StreamScript<T>? fallback = null)
{
    private readonly CallPolicy _policy = policy ?? Policies.All();

    public RecordedProgress Progress { get; } = new();

    public StreamScript<T> Model => model;

    public IAsyncEnumerable<T> Ask(string userId = "u1", CancellationToken cancellationToken = default)
        => CallRunner.StreamAsync(
            harness.Runtime,
            _policy,
            (model, fallback),
            static (state, attempt, token) => state.model.Call(attempt, token),
            fallback is null ? null : static (state, attempt, token) => state.fallback!.Call(attempt, token),
            userId,
            "m",
            "chat-1",
            Progress,
            cancellationToken);

    /// <summary>Reads to the end, and moves time until it is reached.</summary>
    public Task<StreamReading<T>> ReadAsync(CancellationToken cancellationToken = default)
        => harness.Clock.DriveAsync(StreamReading<T>.OfAsync(Ask(cancellationToken: cancellationToken), harness.Clock));

    /// <summary>Reads so many updates, and leaves.</summary>
    public Task<StreamReading<T>> ReadAsync(int updates)
        => harness.Clock.DriveAsync(StreamReading<T>.OfAsync(Ask(), harness.Clock, updates));

    /// <summary>Nothing is left open, and exactly one of commit and rollback has happened for each call.</summary>
    public async Task AssertSettledAsync(long used, int calls = 1)
    {
        Assert.Equal(used, await harness.UsedAsync());
        Assert.Equal(0, harness.Runtime.Statistics.ActiveTransactions);
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
        Assert.Equal(used, harness.Meters.Sum("reliable.transactions.committed"));
        Assert.Equal(calls, harness.Meters.Sum("reliable.transactions.committed") + harness.Meters.Sum("reliable.transactions.rollbacks"));
        Assert.Equal(calls, harness.Meters.Sum("reliable.requests"));
        Assert.Equal(model.Opened, model.Disposed);
    }
}
