using Reliable.Infrastructure;

namespace Reliable.Calls;

/// <summary>Methods that return no answer.</summary>
public sealed class CallRunnerWithoutAnswerTests
{
    private static readonly CallPolicy s_policy = CallPolicy.Create(Policies.Operation, new RetryAttribute { MaxRetries = 2, BackoffMs = [0] }, null, Policies.Usage);

    public static TheoryData<bool, bool> Shapes => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task RunAsync_WhenDone_ChargesOnce(bool isValueTask, bool isLate)
    {
        await using ReliableRuntime runtime = Create();
        var model = new Model(isLate);

        await CallAsync(runtime, model, isValueTask);

        Assert.Equal(1, model.Calls);
        Assert.Equal(1, (await runtime.Usage.GetUsageAsync("u1")).Used);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task RunAsync_WhenItFailsForAWhile_TriesAgainAndChargesOnce(bool isValueTask, bool isLate)
    {
        await using ReliableRuntime runtime = Create();
        var model = new Model(isLate, failures: 2);

        await CallAsync(runtime, model, isValueTask);

        Assert.Equal(3, model.Calls);
        Assert.Equal(1, (await runtime.Usage.GetUsageAsync("u1")).Used);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task RunAsync_WhenItKeepsFailing_FallsBack(bool isValueTask, bool isLate)
    {
        await using ReliableRuntime runtime = Create();
        var model = new Model(isLate, failures: 3);

        await CallAsync(runtime, model, isValueTask);

        Assert.Equal(4, model.Calls);
        Assert.Equal(1, (await runtime.Usage.GetUsageAsync("u1")).Used);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task RunAsync_WhenEverythingFails_ThrowsAndChargesNothing(bool isValueTask, bool isLate)
    {
        await using ReliableRuntime runtime = Create();

        await Assert.ThrowsAsync<RetriesExhaustedException>(() => CallAsync(runtime, new Model(isLate, failures: 99), isValueTask));

        Assert.Equal((0, 0), Of(await runtime.Usage.GetUsageAsync("u1")));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task RunAsync_WhenItMayNotBeRetried_ThrowsTheSameException(bool isValueTask, bool isLate)
    {
        await using ReliableRuntime runtime = Create();
        var failure = new InvalidOperationException("no");

        Exception thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => CallAsync(runtime, new Model(isLate, failures: 99, failure), isValueTask));

        Assert.Same(failure, thrown);
        Assert.Equal((0, 0), Of(await runtime.Usage.GetUsageAsync("u1")));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task RunAsync_WhenTheLimitIsReached_DoesNotCall(bool isValueTask, bool isLate)
    {
        await using ReliableRuntime runtime = Create(limit: 1);
        var model = new Model(isLate);
        await CallAsync(runtime, model, isValueTask);

        await Assert.ThrowsAsync<UsageLimitExceededException>(() => CallAsync(runtime, model, isValueTask));

        Assert.Equal(1, model.Calls);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task RunAsync_WhenOff_ChargesAndCallsOnce(bool isValueTask, bool isLate)
    {
        await using ReliableRuntime runtime = Create(mode: RolloutMode.Off);
        var model = new Model(isLate, failures: 1);

        await Assert.ThrowsAsync<RetryableException>(() => CallAsync(runtime, model, isValueTask));

        Assert.Equal(1, model.Calls);
        Assert.Equal(1, (await runtime.Usage.GetUsageAsync("u1")).Used);
    }

    private static ReliableRuntime Create(int? limit = null, RolloutMode mode = RolloutMode.On) => ReliableRuntime.Create(options =>
    {
        options.Rollout.Mode = mode;
        options.Usage.DefaultLimit = limit;
    });

    private static (long Used, long Reserved) Of(UsageSnapshot usage) => (usage.Used, usage.Reserved);

    private static async Task CallAsync(ReliableRuntime runtime, Model model, bool isValueTask)
    {
        if (isValueTask)
            await CallRunner.RunAsync(runtime, s_policy, model, static (m, _, _) => new ValueTask(m.CallAsync()), static (m, _, _) => new ValueTask(m.CallAsync()), userId: "u1");
        else
            await CallRunner.RunAsync(runtime, s_policy, model, static (m, _, _) => m.CallAsync(), static (m, _, _) => m.CallAsync(), userId: "u1");
    }

    private sealed class Model(bool isLate, int failures = 0, Exception? failure = null)
    {
        public int Calls { get; private set; }

        public Task CallAsync()
        {
            bool fails = Calls++ < failures;
            if (isLate)
                return LaterAsync(fails);

            return fails ? throw failure ?? new RetryableException("again") : Task.CompletedTask;
        }

        private async Task LaterAsync(bool fails)
        {
            await Task.Yield();
            if (fails)
                throw failure ?? new RetryableException("again");
        }
    }
}
