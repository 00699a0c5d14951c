using System.Threading.Tasks.Sources;
using Microsoft.Extensions.AI;
using Reliable.Infrastructure;

namespace Reliable.Calls;

/// <summary>What an update costs after release: no memory, whether it is there at once or has to be waited for. Logging and metrics are off.</summary>
[Collection(RunsAlone.Name)]
public sealed class StreamAllocationTests
{
    private const int Updates = 10_000;

    [Fact]
    public async Task MoveNextAsync_WhenUpdateIsThere_AllocatesNothing()
    {
        await using ReliableRuntime runtime = CreateRuntime();
        await using IAsyncEnumerator<string> text = await OpenAsync(runtime, new Endless<string>("A good and complete answer."));
        await using IAsyncEnumerator<ChatResponseUpdate> chat = await OpenAsync(runtime, new Endless<ChatResponseUpdate>(new(ChatRole.Assistant, "A good and complete answer.")));

        Assert.Equal(0, AllocatedBy(text, static reader => Take(reader.MoveNextAsync())));
        Assert.Equal(0, AllocatedBy(chat, static reader => Take(reader.MoveNextAsync())));
    }

    [Fact]
    public async Task MoveNextAsync_WhenUpdateIsWaitedFor_AllocatesNothing()
    {
        await using ReliableRuntime runtime = CreateRuntime();
        var inner = new Endless<string>("A good and complete answer.");
        await using IAsyncEnumerator<string> reader = await OpenAsync(runtime, inner);
        inner.IsLater = true;

        Assert.Equal(0, AllocatedBy((reader, inner), static state =>
        {
            ValueTask<bool> move = state.reader.MoveNextAsync();
            if (move.IsCompleted)
                Assert.Fail("The update was there at once.");

            state.inner.Arrive();
            Take(move);
        }));
        inner.IsLater = false;
    }

    private static ReliableRuntime CreateRuntime()
        => ReliableRuntime.Create(static options => options.Rollout.Mode = RolloutMode.On, store: null, new FakeTimeProvider());

    private static async Task<IAsyncEnumerator<T>> OpenAsync<T>(ReliableRuntime runtime, Endless<T> inner)
    {
        IAsyncEnumerator<T> reader = CallRunner.StreamAsync(runtime, Policies.All(), inner, static (inner, _, _) => inner, userId: "u1").GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync());
        return reader;
    }

    private static void Take(ValueTask<bool> move)
    {
        if (!move.IsCompletedSuccessfully || !move.GetAwaiter().GetResult())
            Assert.Fail("The update is not there.");
    }

    // Code that was not optimized yet boxes here and there, in the base library too. What allocates by itself does so in every round.
    private static long AllocatedBy<TState>(TState state, Action<TState> call)
    {
        long allocated = long.MaxValue;
        for (int round = 0; round < 30 && allocated != 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Updates; i++)
                call(state);

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated != 0)
                Thread.Sleep(50);
        }

        return allocated;
    }

    private sealed class Endless<T>(T update) : IAsyncEnumerable<T>, IAsyncEnumerator<T>, IValueTaskSource<bool>
    {
        private ManualResetValueTaskSourceCore<bool> _arrival;

        public bool IsLater { get; set; }

        public T Current => update;

        public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync()
        {
            if (!IsLater)
                return new(true);

            _arrival.Reset();
            return new(this, _arrival.Version);
        }

        public void Arrive() => _arrival.SetResult(true);

        public ValueTask DisposeAsync() => default;

        public bool GetResult(short token) => _arrival.GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => _arrival.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
            => _arrival.OnCompleted(continuation, state, token, flags);
    }
}
