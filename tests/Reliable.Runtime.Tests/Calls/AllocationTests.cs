using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Reliable.Infrastructure;
using Reliable.Transactions;
using Reliable.Validation;

namespace Reliable.Calls;

/// <summary>What costs no memory: the success path, and all that it is made of. Logging and metrics are off.</summary>
[Collection(RunsAlone.Name)]
public sealed class AllocationTests
{
    private const int Calls = 10_000;
    private const string GoodText = "A good and complete answer.";

    private static readonly Task<string> s_goodTask = Task.FromResult(GoodText);

    [Fact]
    public async Task RunAsync_WhenTaskIsGoodAtOnce_AllocatesNothing()
    {
        await using ReliableRuntime runtime = await WarmRuntimeAsync(RolloutMode.On);
        var caller = new Caller(runtime, Policies.All());

        Assert.Equal(0, AllocatedBy(caller, static c => Assert.Same(s_goodTask, c.AskAsync())));
        Assert.Equal(caller.Answered, (await runtime.Usage.GetUsageAsync("u1")).Used);
    }

    [Fact]
    public async Task RunAsync_WhenValueTaskIsGoodAtOnce_AllocatesNothing()
    {
        await using ReliableRuntime runtime = await WarmRuntimeAsync(RolloutMode.On);
        var caller = new Caller(runtime, Policies.All());

        Assert.Equal(0, AllocatedBy(caller, static c => Take(c.AskValueAsync())));
        Assert.Equal(caller.Answered, (await runtime.Usage.GetUsageAsync("u1")).Used);
    }

    [Fact]
    public async Task RunAsync_WhenValueTaskOfStructIsThereAtOnce_AllocatesNothing()
    {
        await using ReliableRuntime runtime = await WarmRuntimeAsync(RolloutMode.On);
        var caller = new Caller(runtime, Policies.All());

        Assert.Equal(0, AllocatedBy(caller, static c => Take(c.CountAsync())));
        Assert.Equal(caller.Answered, (await runtime.Usage.GetUsageAsync("u1")).Used);
    }

    [Fact]
    public async Task RunAsync_WhenThereIsNoAnswer_AllocatesNothing()
    {
        await using ReliableRuntime runtime = await WarmRuntimeAsync(RolloutMode.On);
        var caller = new Caller(runtime, CallPolicy.Create(Policies.Operation, Policies.Retry, null, Policies.Usage));

        Assert.Equal(0, AllocatedBy(caller, static c => Assert.Same(Task.CompletedTask, c.SendAsync())));
        Assert.Equal(0, AllocatedBy(caller, static c => Take(c.SendValueAsync())));
        Assert.Equal(caller.Answered, (await runtime.Usage.GetUsageAsync("u1")).Used);
    }

    [Fact]
    public async Task RunAsync_WhenChatResponseIsGoodAtOnce_AllocatesNothing()
    {
        await using ReliableRuntime runtime = await WarmRuntimeAsync(RolloutMode.On);
        var caller = new Caller(runtime, Policies.All());

        Assert.Equal(0, AllocatedBy(caller, static c => Take(c.ChatAsync())));
    }

    [Fact]
    public async Task RunAsync_WhenOffWithoutUsage_AllocatesNothing()
    {
        await using ReliableRuntime runtime = await WarmRuntimeAsync(RolloutMode.Off);
        var caller = new Caller(runtime, CallPolicy.Create(Policies.Operation, Policies.Retry, Policies.Validate, null));

        Assert.Equal(0, AllocatedBy(caller, static c => Assert.Same(s_goodTask, c.AskAsync())));
        Assert.Equal(0, AllocatedBy(caller, static c => Take(c.AskValueAsync())));
    }

    [Fact]
    public async Task RunAsync_WhenOnlyOneAttributeIsThere_AllocatesNothing()
    {
        await using ReliableRuntime runtime = await WarmRuntimeAsync(RolloutMode.On);
        CallPolicy[] policies =
        [
            CallPolicy.Create(Policies.Operation, Policies.Retry, null, null),
            CallPolicy.Create(Policies.Operation, null, Policies.Validate, null),
            CallPolicy.Create(Policies.Operation, null, null, Policies.Usage),
        ];

        Assert.All(policies, policy => Assert.Equal(0, AllocatedBy(new Caller(runtime, policy), static c => Take(c.AskValueAsync()))));
    }

    [Fact]
    public void TransactionStore_WhenCommitted_AllocatesNothing()
    {
        var state = (Store: new TransactionStore(new FakeTimeProvider()), Quota: new Quota("u1", "requests"));

        Assert.Equal(0, AllocatedBy(state, static s =>
        {
            s.Quota.TryReserve(1);
            s.Store.TryBegin(s.Quota, 1, 0, 1_000, out TransactionHandle handle);
            s.Store.TryClaimCommit(handle, 0);
            s.Quota.CountOne(1);
            s.Store.Release(handle);
        }));
        Assert.Equal(0, state.Quota.Read().Reserved);
        Assert.Equal(0, state.Store.Count(0).Active);
    }

    [Fact]
    public void TransactionStore_WhenRolledBack_AllocatesNothing()
    {
        var state = (Store: new TransactionStore(new FakeTimeProvider()), Quota: new Quota("u1", "requests"));

        Assert.Equal(0, AllocatedBy(state, static s =>
        {
            s.Quota.TryReserve(1);
            s.Store.TryBegin(s.Quota, 1, 0, 1_000, out TransactionHandle handle);
            s.Store.TryRollback(handle, 0);
        }));
        Assert.Equal((0, 0), state.Quota.Read());
    }

    [Fact]
    public void TransactionStore_WhenSweptAndNamed_AllocatesNothing()
    {
        var state = (Store: new TransactionStore(new FakeTimeProvider()), Quota: new Quota("u1", "requests"), Now: new StrongBox<long>());

        Assert.Equal(0, AllocatedBy(state, static s =>
        {
            s.Quota.TryReserve(1);
            s.Store.TryBegin(s.Quota, 1, s.Now.Value, 1_000, out TransactionHandle handle);
            s.Store.IdOf(handle);
            s.Now.Value += 1_000;
            s.Store.TryRollback(handle, s.Now.Value);
            s.Store.Sweep(s.Now.Value, 64);
        }));
    }

    [Fact]
    public void Judge_WhenStringIsValid_AllocatesNothing()
        => Assert.Equal(0, AllocatedBy(ResponseCriteria.From(null), static criteria => Good(BuiltInRules.Judge(GoodText, criteria))));

    [Fact]
    public void Judge_WhenChatResponseIsValid_AllocatesNothing()
    {
        var state = (Criteria: ResponseCriteria.From(null), Response: RichResponse());

        Assert.Equal(0, AllocatedBy(state, static s => Good(BuiltInRules.Judge(s.Response, s.Criteria))));
        Assert.Equal(0, AllocatedBy(state, static s => Good(BuiltInRules.Judge(s.Response, s.Criteria, exact: true))));
        Assert.Equal(0, AllocatedBy(state, static s => Good(ResponseValidator.Validate(s.Response))));
    }

    private static ChatResponse RichResponse() => new(
    [
        new ChatMessage(ChatRole.Assistant, [new TextContent("Let me look. 👀\u200B"), new FunctionCallContent("1", "look")]),
        new ChatMessage(ChatRole.Tool, [new FunctionResultContent("1", "found")]),
        new ChatMessage(ChatRole.Assistant, [new TextReasoningContent("so"), new TextContent("  Here "), new TextContent("it is.\n")]),
    ]);

    private static async Task<ReliableRuntime> WarmRuntimeAsync(RolloutMode mode)
    {
        var runtime = ReliableRuntime.Create(options => options.Rollout.Mode = mode, store: null, new FakeTimeProvider());
        await runtime.Usage.GetUsageAsync("u1");
        return runtime;
    }

    private static void Take<T>(ValueTask<T> task)
    {
        if (!task.IsCompletedSuccessfully)
            Assert.Fail("The call did not end where it began.");

        task.GetAwaiter().GetResult();
    }

    private static void Take(ValueTask task)
    {
        if (!task.IsCompletedSuccessfully)
            Assert.Fail("The call did not end where it began.");

        task.GetAwaiter().GetResult();
    }

    private static void Good(ValidationResult verdict)
    {
        if (!verdict.IsValid)
            Assert.Fail(verdict.Message);
    }

    // Code that was not optimized yet boxes here and there, in the base library too. What allocates by itself does so in every round.
    private static long AllocatedBy<TState>(TState state, Action<TState> call)
    {
        long allocated = long.MaxValue;
        for (int round = 0; round < 30 && allocated != 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Calls; i++)
                call(state);

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated != 0)
                Thread.Sleep(50);
        }

        return allocated;
    }

    private sealed class Caller(ReliableRuntime runtime, CallPolicy policy)
    {
        private readonly ChatResponse _response = RichResponse();

        public int Answered { get; private set; }

        public Task<string> AskAsync()
            => CallRunner.RunAsync(runtime, policy, this, static (self, _, _) => self.Answer(s_goodTask), userId: "u1", modelId: "m", correlationId: "c");

        public ValueTask<string> AskValueAsync()
            => CallRunner.RunAsync(runtime, policy, this, static (self, _, _) => self.Answer(new ValueTask<string>(GoodText)), userId: "u1", modelId: "m");

        public Task SendAsync()
            => CallRunner.RunAsync(runtime, policy, this, static (self, _, _) => self.Answer(Task.CompletedTask), userId: "u1", modelId: "m");

        public ValueTask SendValueAsync()
            => CallRunner.RunAsync(runtime, policy, this, static (self, _, _) => self.Answer(default(ValueTask)), userId: "u1", modelId: "m");

        public ValueTask<ChatResponse> ChatAsync()
            => CallRunner.RunAsync(runtime, policy, this, static (self, _, _) => self.Answer(new ValueTask<ChatResponse>(self._response)), userId: "u1");

        public ValueTask<Tally> CountAsync()
            => CallRunner.RunAsync(
                runtime,
                policy,
                this,
                static (self, attempt, _) => self.Answer(new ValueTask<Tally>(new Tally(attempt.Number, attempt.MaxAttempts))),
                userId: "u1");

        private T Answer<T>(T answer)
        {
            Answered++;
            return answer;
        }
    }

    private readonly record struct Tally(int Attempt, int Of);
}
