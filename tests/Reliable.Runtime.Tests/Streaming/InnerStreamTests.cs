using Reliable.Infrastructure;

namespace Reliable.Streaming;

/// <summary>Everything that can end a wait for the model, at the same moment.</summary>
[Collection(RunsAlone.Name)]
public sealed class InnerStreamTests
{
    private static readonly StreamSettings s_settings = StreamSettings.Resolve(null, new StreamingOptions());

    [Fact]
    public void Wait_WhenMoveSilenceAndCancellationRace_EndsOnce()
    {
        var ends = new Dictionary<string, int>();
        FakeTimeProvider clock = null!;
        ArrivingStream<int> model = null!;
        InnerStream<int> stream = null!;
        Waiter waiter = null!;

        Race.Run(
            threads: 3,
            rounds: 20_000,
            before: _ =>
            {
                clock = new FakeTimeProvider();
                model = new ArrivingStream<int>(0);
                stream = new InnerStream<int>(s_settings, clock);
                waiter = new Waiter();
                stream.Start(model);
                Assert.True(stream.TryMove(out StreamStep _));
                Assert.False(stream.TryMove(out StreamStep _));
                stream.Wait(waiter);
            },
            body: (thread, round) =>
            {
                Thread.SpinWait((round * (thread + 3)) % 50);
                switch (thread)
                {
                    case 0:
                        model.Arrive(1);
                        break;
                    case 1:
                        clock.Advance(s_settings.IdleTimeout);
                        clock.Advance(InnerStream<int>.Grace);
                        break;
                    default:
                        if (round % 4 == 0)
                            stream.Cancel();
                        break;
                }
            },
            after: _ =>
            {
                Assert.Equal(1, waiter.Calls);
                string end = HowItEnded(stream);
                ends[end] = ends.GetValueOrDefault(end) + 1;
            });

        Assert.True(ends.GetValueOrDefault(nameof(StreamStep.Update)) > 0 && ends.GetValueOrDefault(nameof(TimeoutException)) > 0, string.Join(", ", ends));
    }

    [Fact]
    public async Task Wait_WhenHoldIsOverAndMoveEndsMeanwhile_TakesTheMoveOnce()
    {
        var clock = new FakeTimeProvider();
        var model = new ArrivingStream<int>(0);
        var stream = new InnerStream<int>(s_settings, clock);
        stream.Start(model);
        Assert.Equal(StreamStep.Update, await stream.MoveAsync());
        stream.HoldUntil(10_000);
        ValueTask<StreamStep> first = stream.MoveAsync();
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(StreamStep.HoldOver, await first);

        model.Arrive(1);

        Assert.True(stream.TryMove(out StreamStep step));
        Assert.Equal((StreamStep.Update, 1), (step, stream.Current));
        Assert.False(stream.TryMove(out _));
        await DisposeAsync(stream, clock);
        model.End();
        await Eventually.IsTrue(() => model.Disposed == 1, "the model's stream is disposed when it wakes up");
    }

    private static async Task DisposeAsync(InnerStream<int> stream, FakeTimeProvider clock) => await clock.DriveAsync(stream.DisposeAsync().AsTask());

    private static string HowItEnded(InnerStream<int> stream)
    {
        try
        {
            return stream.TakeStep().ToString();
        }
        catch (TimeoutException)
        {
            return nameof(TimeoutException);
        }
        catch (OperationCanceledException)
        {
            return nameof(OperationCanceledException);
        }
    }

    private sealed class Waiter : IStreamWaiter
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public void OnStep() => Interlocked.Increment(ref _calls);
    }
}
