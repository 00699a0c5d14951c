using Reliable.Configuration;
using Reliable.Infrastructure;

namespace Reliable.Calls;

/// <summary>What a call that is waited for costs in bytes: one without an answer no more than one with an answer.</summary>
[Collection(RunsAlone.Name)]
public sealed class AsyncAllocationTests
{
    private const int Calls = 200;

    [Fact]
    public async Task RunAsync_WhenThereIsNoAnswerToWaitFor_AllocatesNoMoreThanWithOne()
    {
        await using ReliableRuntime runtime = ReliableRuntime.Create(static options => options.Rollout.Mode = RolloutMode.On, store: null, new FakeTimeProvider());
        await runtime.Usage.GetUsageAsync("u1", TestContext.Current.CancellationToken);
        CallPolicy policy = CallPolicy.Create(Policies.Operation, Policies.Retry, null, Policies.Usage);

        long withAnswer = Least(() =>
        {
            var source = new TaskCompletionSource<string>();
            Task<string> call = CallRunner.RunAsync(runtime, policy, source, static (model, _, _) => model.Task, userId: "u1");
            source.SetResult("answer");
            Assert.True(call.IsCompletedSuccessfully);
        });
        long without = Least(() =>
        {
            var source = new TaskCompletionSource<string>();
            Task call = CallRunner.RunAsync(runtime, policy, source, static (model, _, _) => (Task)model.Task, userId: "u1");
            source.SetResult("answer");
            Assert.True(call.IsCompletedSuccessfully);
        });

        Assert.True(without <= withAnswer, $"{without} bytes without an answer, {withAnswer} with one");
    }

    // Code that was not optimized yet boxes here and there: the least of several rounds is the code's own.
    private static long Least(Action call)
    {
        long least = long.MaxValue;
        for (int round = 0; round < 20; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Calls; i++)
                call();

            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / Calls);
            Thread.Sleep(20);
        }

        return least;
    }
}
