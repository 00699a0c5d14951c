using System.Reflection;
using System.Runtime.CompilerServices;
using Reliable.Infrastructure;
using Reliable.Transactions;
using Reliable.Usage;

namespace Reliable.Calls;

/// <summary>What made the wrapper slow before, said without a clock: bytes, readings of the time, and values that are cleared in every call.</summary>
[Collection(RunsAlone.Name)]
public sealed class FastPathGuardTests
{
    private const int Calls = 2_000;
    private const string GoodText = "A good and complete answer.";

    private readonly CallPolicy _policy = Policies.All();

    [Fact]
    public async Task RunAsync_WhenTaskIsWaitedFor_AllocatesNoMoreThanAHandWrittenWrapper()
    {
        await using ReliableRuntime runtime = await WarmRuntimeAsync(new FakeTimeProvider());
        var caller = (Runtime: runtime, Policy: _policy, User: "u1", Question: "q");

        AssertNoMore(
            model => CallRunner.RunAsync(caller.Runtime, caller.Policy, (caller.User, caller.Question, model), static (state, _, _) => state.model, userId: caller.User),
            model => HandWrittenAsync(caller.Runtime, caller.Policy, caller.User, caller.Question, model));
    }

    [Fact]
    public async Task RunAsync_WhenValueTaskIsWaitedFor_AllocatesNoMoreThanAHandWrittenWrapper()
    {
        await using ReliableRuntime runtime = await WarmRuntimeAsync(new FakeTimeProvider());
        var caller = (Runtime: runtime, Policy: _policy, User: "u1", Question: "q");

        AssertNoMore(
            model => CallRunner.RunAsync(
                caller.Runtime, caller.Policy, (caller.User, caller.Question, model), static (state, _, _) => new ValueTask<string>(state.model), userId: caller.User).AsTask(),
            model => HandWrittenAsync(caller.Runtime, caller.Policy, caller.User, caller.Question, model));
    }

    [Fact]
    public async Task RunAsync_WhenGoodAtOnce_ReadsTheClockTwice()
    {
        var time = new CountingTimeProvider();
        await using ReliableRuntime runtime = await WarmRuntimeAsync(time);
        await AskAsync(runtime);
        int before = time.Readings;

        await AskAsync(runtime);

        // To begin, and to claim the commit. The day it counts on is known from the last reading of the counter.
        Assert.Equal(2, time.Readings - before);
    }

    [Fact]
    public void RunAsync_WhenCompiled_KeepsNoLargeValue()
    {
        // A local value with references in it is cleared at the beginning of every call, used or not.
        string[] large =
        [
            .. typeof(CallRunner).GetMethods(BindingFlags.Public | BindingFlags.Static)
                .Where(static method => method.Name == nameof(CallRunner.RunAsync))
                .SelectMany(static method => method.GetMethodBody()!.LocalVariables)
                .Select(static local => local.LocalType)
                .Where(static type => type == typeof(CallContext) || type == typeof(ValidationResult) || type == typeof(ValidationResult?)
                    || type.GetInterfaces().Any(static each => each.Name.StartsWith(nameof(IModelCall<>), StringComparison.Ordinal)))
                .Select(static type => type.Name),
        ];

        Assert.Empty(large);
    }

    [Fact]
    public void AttemptContext_IsFourWordsOfOneFieldEach()
    {
        FieldInfo[] fields = typeof(AttemptContext).GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public);

        Assert.Equal(4, fields.Length);
        Assert.All(fields, static field => Assert.True(field.FieldType.IsPrimitive || !field.FieldType.IsValueType, field.Name));
        Assert.Equal(4 * sizeof(long), Unsafe.SizeOf<AttemptContext>());
    }

    // The answer comes on this thread, so that all there is to allocate is allocated here. Code that was not optimized yet allocates more than it will.
    private static void AssertNoMore(Func<Task<string>, Task<string>> call, Func<Task<string>, Task<string>> handWritten)
    {
        long own = long.MaxValue;
        long other = long.MaxValue;
        for (int round = 0; round < 30; round++)
        {
            own = Math.Min(own, AllocatedBy(call));
            other = Math.Min(other, AllocatedBy(handWritten));
            Thread.Sleep(20);
        }

        Assert.True(own <= other, $"{own / Calls} bytes a call, where a hand-written wrapper allocates {other / Calls}.");
    }

    private static long AllocatedBy(Func<Task<string>, Task<string>> call)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Calls; i++)
        {
            var model = new TaskCompletionSource<string>();
            Task<string> answer = call(model.Task);
            model.SetResult(GoodText);
            if (!answer.IsCompletedSuccessfully)
                Assert.Fail("The call did not end with its model.");
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    // The same work in one async method, as one writes it: it waits for the transaction, the model, the charge and the delay before the next attempt.
    private static async Task<string> HandWrittenAsync(ReliableRuntime runtime, CallPolicy policy, string userId, string question, Task<string> model)
    {
        BoundPolicy bound = runtime.Bind(policy);
        TransactionHandle transaction = await BeginAsync(bound, userId).ConfigureAwait(false);
        Guid id = runtime.Transactions.IdOf(transaction);
        for (int number = 1; ; number++)
        {
            try
            {
                string response = await AskAsync(question, new AttemptContext(number, bound.MaxAttempts, transaction: id), model).ConfigureAwait(false);
                if (bound.TryJudge(response, out ValidationResult verdict) && verdict.IsValid)
                {
                    await CommitAsync(bound, transaction).ConfigureAwait(false);
                    return response;
                }
            }
            catch (RetryableException) when (number < bound.MaxAttempts)
            {
                // Another attempt follows.
            }

            await Task.Delay(bound.Retry.DelayBefore(number - 1, null, 0)).ConfigureAwait(false);
        }
    }

    private static ValueTask<TransactionHandle> BeginAsync(BoundPolicy bound, string userId)
    {
        bound.Keeper.TryBegin(bound.Quotas!, userId, bound.Amount, bound.Settings.TimeToLiveMs, out TransactionHandle transaction);
        return new(transaction);
    }

    private static ValueTask CommitAsync(BoundPolicy bound, TransactionHandle transaction)
    {
        bound.Keeper.TryCommit(transaction, bound.Settings.Terms, out CommitResult _);
        return default;
    }

    private static Task<string> AskAsync(string question, AttemptContext attempt, Task<string> model) => model;

    private Task<string> AskAsync(ReliableRuntime runtime)
        => CallRunner.RunAsync(runtime, _policy, this, static (_, _, _) => Task.FromResult(GoodText), userId: "u1");

    private static async Task<ReliableRuntime> WarmRuntimeAsync(TimeProvider time)
    {
        var runtime = ReliableRuntime.Create(static options => options.Rollout.Mode = RolloutMode.On, store: null, time);
        await runtime.Usage.GetUsageAsync("u1");
        return runtime;
    }

    private sealed class CountingTimeProvider : TimeProvider
    {
        private readonly FakeTimeProvider _time = new();

        public int Readings { get; private set; }

        public override long TimestampFrequency => _time.TimestampFrequency;

        public override long GetTimestamp()
        {
            Readings++;
            return _time.GetTimestamp();
        }

        public override DateTimeOffset GetUtcNow()
        {
            Readings++;
            return _time.GetUtcNow();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
            => _time.CreateTimer(callback, state, dueTime, period);
    }
}
