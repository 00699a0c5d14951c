using Reliable.Infrastructure;

namespace Reliable.Calls;

/// <summary>A reader that leaves, in both ways at once, while the model says its next or its last word.</summary>
[Collection(RunsAlone.Name)]
public sealed class StreamRaceTests
{
    private const int Rounds = 5_000;

    [Fact]
    public async Task Stream_WhenReaderLeavesWhileModelMoves_IsSettledOnce()
    {
        await using var harness = new RuntimeHarness(logLevel: Microsoft.Extensions.Logging.LogLevel.None);
        ArrivingStream<string> model = null!;
        IAsyncEnumerator<string> reader = null!;
        CancellationTokenSource source = null!;
        Task<bool> move = null!;
        Task first = Task.CompletedTask, second = Task.CompletedTask;
        int open = 0, failed = 0;

        Race.Run(
            threads: 4,
            Rounds,
            before: _ =>
            {
                model = new ArrivingStream<string>("A good and complete answer.");
                source = new CancellationTokenSource();
                reader = CallRunner.StreamAsync(
                    harness.Runtime, Policies.All(), model, static (model, _, _) => model, userId: "u1", cancellationToken: source.Token).GetAsyncEnumerator();
                Task<bool> beginning = reader.MoveNextAsync().AsTask();
                Assert.True(HasEnded(beginning) && beginning.IsCompletedSuccessfully, "The answer does not begin.");
                move = reader.MoveNextAsync().AsTask();
            },
            body: (thread, round) =>
            {
                Thread.SpinWait(round * (thread + 7) % 60);
                switch (thread)
                {
                    case 0 when round % 3 == 0:
                        model.End();
                        break;
                    case 0 when round % 3 == 1:
                        model.Fail(new NotSupportedException());
                        break;
                    case 0:
                        model.Arrive(" And more.");
                        break;
                    case 1:
                        first = reader.DisposeAsync().AsTask();
                        break;
                    case 2:
                        second = reader.DisposeAsync().AsTask();
                        break;
                    default:
                        if (round % 4 == 0)
                            source.Cancel();
                        break;
                }
            },
            after: _ =>
            {
                Assert.True(HasEnded(first) && HasEnded(second), "Disposing does not end.");
                Assert.True(HasEnded(move), "The move does not end.");
                failed += move.IsFaulted && !source.IsCancellationRequested ? 1 : 0;
                Assert.True(!move.IsFaulted || move.Exception.InnerException is NotSupportedException, move.Exception?.ToString());
                Assert.Equal(1, model.Disposed);
                open += harness.Runtime.Statistics.ActiveTransactions;
                source.Dispose();
            });

        Assert.Equal(0, open);
        Assert.Equal(Rounds, harness.Meters.Sum("reliable.transactions.committed") + harness.Meters.Sum("reliable.transactions.rollbacks"));
        Assert.Equal(Rounds, harness.Meters.Sum("reliable.requests"));
        Assert.Equal(harness.Meters.Sum("reliable.transactions.committed"), await harness.UsedAsync());
        Assert.True(failed <= harness.Meters.Sum("reliable.requests", "outcome", "late_failure"), "Somebody who had not left was told of a failure, and it was accounted for as something else.");
    }

    private static bool HasEnded(Task task) => ((IAsyncResult)task).AsyncWaitHandle.WaitOne(20_000);
}
