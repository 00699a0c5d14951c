using System.Reflection;
using System.Runtime.CompilerServices;
using Reliable.Diagnostics;
using Reliable.Infrastructure;
using Reliable.Rollout;
using Reliable.Transactions;
using Reliable.Usage;
using Reliable.Validation;

namespace Reliable.Calls;

/// <summary>What made the wrapper slow before, said without a clock: bytes, readings of the time, calls, and values that are cleared in every call.</summary>
/// <remarks>
/// Tried with fifteen changes for the worse. Bytes notice an object, a closure, a string or a log line's arguments more, and a state machine on the way of an answer that is there
/// at once; counted readings a clock of the runtime's. Nothing but the counted calls notices a look-up, a lock, a box that the compiler removes, a second judgement, a random id
/// or the system's own clock. What they do not notice is more work in a call that is made anyway, outside of the methods listed.
/// </remarks>
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

    // What a good call runs through, in its order, and how often each calls something, makes something or boxes a value (all of its branches and forms together).
    // A look-up, a lock, a state machine, a string or another reading of a clock more is a call more. Whoever needs one measures it
    // (benchmarks/Reliable.Benchmarks, 'ratios') and writes the new number down here; whoever got rid of one as well.
    [Theory]
    [InlineData(typeof(ReliableRuntime), "Bind", 5)]
    [InlineData(typeof(RolloutGate), "Decide", 1)]
    [InlineData(typeof(CallRunner), "RunAsync", 93)]
    [InlineData(typeof(CallRunner), "TryBegin", 10)]
    [InlineData(typeof(CallRunner), "IdOf", 4)]
    [InlineData(typeof(CallRunner), "Judge", 10)]
    [InlineData(typeof(CallRunner), "Charge", 17)]
    [InlineData(typeof(CallEngine), "Timestamp", 3)]
    [InlineData(typeof(BoundPolicy), "Accepts", 6)]
    [InlineData(typeof(BuiltInRules), "AcceptsAtSight", 19)]
    [InlineData(typeof(BuiltInRules), "ProvesItself", 8)]
    [InlineData(typeof(QuotaKeeper), "TryBegin", 14)]
    [InlineData(typeof(QuotaKeeper), "TryCommit", 2)]
    [InlineData(typeof(InProcessCommitter), "Commit", 23)]
    [InlineData(typeof(QuotaTable), "Get", 4)]
    [InlineData(typeof(Quota), "IsFresh", 1)]
    [InlineData(typeof(Quota), "TryReserve", 7)]
    [InlineData(typeof(Quota), "CountOne", 5)]
    [InlineData(typeof(TransactionStore), "TryBegin", 3)]
    [InlineData(typeof(TransactionStore), "TryOpen", 8)]
    [InlineData(typeof(TransactionStore), "IdWordsOf", 2)]
    [InlineData(typeof(TransactionStore), "TryClaim", 14)]
    [InlineData(typeof(TransactionStore), "ReservedBy", 2)]
    [InlineData(typeof(TransactionStore), "Release", 6)]
    [InlineData(typeof(MemoryUsageStore), "Settle", 5)]
    [InlineData(typeof(MemoryAccount), "TryAdd", 10)]
    [InlineData(typeof(DayClock), "Today", 8)]
    [InlineData(typeof(Instruments), "Settled", 7)]
    [InlineData(typeof(Instruments), "Ended", 5)]
    public void GoodCall_WhenCompiled_CallsNoMoreThanRecorded(Type type, string method, int recorded)
        => Assert.Equal((type.Name, method, recorded), (type.Name, method, CallsInCode.Of(type, method)));

    // A megabyte is not read for the sake of ten characters: nothing after these changes what is known at sight.
    [Theory]
    [InlineData("0123456789")]
    [InlineData("0123456789 é \u200B \r\n")]
    public void AcceptsAtSight_WhenTheBeginningProvesIt_ReadsNoFurther(string text)
        => Assert.True(BuiltInRules.AcceptsAtSight(text, ResponseCriteria.From(null)));

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
