using System.Diagnostics.Metrics;
using Reliable.Infrastructure;

namespace Reliable.Calls;

// Updates come on the threads of the model's client. What the application wrote runs in the context of the reader all the same.
public sealed partial class StreamTests
{
    private static readonly AsyncLocal<string?> s_whose = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MoveNextAsync_WhenUpdatesComeFromElsewhere_JudgesAndEndsInTheReadersContext(bool isFailure)
    {
        await using var harness = new RuntimeHarness();
        var model = new ArrivingStream<int>(10);
        var validator = new ContextValidator();
        using MeterListener listener = Listen(out List<string?> ended);
        s_whose.Value = "reader";
        await using IAsyncEnumerator<int> reader = CallRunner.StreamAsync(
            harness.Runtime, JudgedBy(validator), model, static (model, _, _) => model, userId: "u1").GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync());

        ValueTask<bool> second = reader.MoveNextAsync();
        Elsewhere(() => model.Arrive(1));
        Assert.True(await second);
        ValueTask<bool> third = reader.MoveNextAsync();
        Elsewhere(isFailure ? () => model.Fail(new NotSupportedException()) : model.End);
        if (isFailure)
            await Assert.ThrowsAsync<NotSupportedException>(() => third.AsTask());
        else
            Assert.False(await third);

        Assert.Equal("reader", s_whose.Value);
        Assert.All(validator.Seen, static whose => Assert.Equal("reader", whose));
        Assert.Equal(["reader"], ended);
    }

    [Fact]
    public async Task MoveNextAsync_WhenReaderHasAContextOfItsOwn_ReturnsToIt()
    {
        await using var harness = new RuntimeHarness();
        var model = new ArrivingStream<string>(Shown);
        await using IAsyncEnumerator<string> reader = CallRunner.StreamAsync(
            harness.Runtime, Policies.All(), model, static (model, _, _) => model, userId: "u1").GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync());
        var context = new CountingContext();

        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        Task<SynchronizationContext?> resumed = MoveAsync(reader);
        SynchronizationContext.SetSynchronizationContext(before);
        Elsewhere(() => model.Arrive(" And more."));

        Assert.Same(context, await Eventually.Ends(resumed));
        Assert.Equal(1, context.Posts);
    }

    [Fact]
    public async Task MoveNextAsync_WhenTheOneBeforeWasNotTaken_Throws()
    {
        await using var harness = new RuntimeHarness();
        var model = new ArrivingStream<string>(Shown);
        await using IAsyncEnumerator<string> reader = CallRunner.StreamAsync(
            harness.Runtime, Policies.All(), model, static (model, _, _) => model, userId: "u1").GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync());
        ValueTask<bool> move = reader.MoveNextAsync();
        model.Arrive(" And more.");

        InvalidOperationException exception = await Assert.ThrowsAsync<InvalidOperationException>(() => reader.MoveNextAsync().AsTask());

        Assert.Contains("Enumerate it from one place at a time", exception.Message, StringComparison.Ordinal);
        Assert.True(await move);
        Assert.Equal(" And more.", reader.Current);
        Task<bool> last = reader.MoveNextAsync().AsTask();
        model.End();
        Assert.False(await last);
        Assert.Equal(1, await harness.UsedAsync());
        Assert.Equal(1, model.Disposed);
    }

    private static async Task<SynchronizationContext?> MoveAsync(IAsyncEnumerator<string> reader)
    {
        Assert.True(await reader.MoveNextAsync());
        return SynchronizationContext.Current;
    }

    private static MeterListener Listen(out List<string?> ended)
    {
        List<string?> seen = [];
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "reliable.requests")
                    listener.EnableMeasurementEvents(instrument);
            },
        };

        // Runs where the measurement is made. Of the other tests' streams none has a reader with a name.
        listener.SetMeasurementEventCallback<long>((_, _, _, _) =>
        {
            if (s_whose.Value is { } whose)
                seen.Add(whose);
        });
        listener.Start();
        ended = seen;
        return listener;
    }

    private static void Elsewhere(Action action)
    {
        var thread = new Thread(() =>
        {
            s_whose.Value = "model";
            action();
        });
        thread.UnsafeStart();
        thread.Join();
    }

    private sealed class CountingContext : SynchronizationContext
    {
        private int _posts;

        public int Posts => Volatile.Read(ref _posts);

        public override void Post(SendOrPostCallback d, object? state)
        {
            Interlocked.Increment(ref _posts);
            ThreadPool.QueueUserWorkItem(_ =>
            {
                SetSynchronizationContext(this);
                d(state);
                SetSynchronizationContext(null);
            });
        }
    }

    private sealed class ContextValidator : IStreamValidator<int>, IStreamJudge<int>
    {
        public List<string?> Seen { get; } = [];

        public IStreamJudge<int> Begin() => this;

        public StreamVerdict Add(int update)
        {
            Seen.Add(s_whose.Value);
            return StreamVerdict.Valid;
        }

        public ValidationResult Complete()
        {
            Seen.Add(s_whose.Value);
            return ValidationResult.Valid;
        }
    }
}
