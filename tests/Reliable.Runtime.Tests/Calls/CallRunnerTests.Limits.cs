using Reliable.Infrastructure;
using Reliable.Usage;

namespace Reliable.Calls;

public sealed partial class CallRunnerTests
{
    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Limit_WhenReached_DeniesAndDoesNotCallTheModel(CallShape shape)
    {
        await using var harness = new RuntimeHarness(o => o.Usage.DefaultLimit = 2);
        var model = new ScriptedModel<string>().Answers(Good);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), model) { Shape = shape };
        await assistant.AskAsync();
        await assistant.AskAsync();

        var thrown = await Assert.ThrowsAsync<UsageLimitExceededException>(() => assistant.AskAsync());

        Assert.Equal(2, model.Calls);
        Assert.Equal("u1", thrown.UserId);
        Assert.Equal("requests", thrown.Counter);
        Assert.Equal(2, thrown.Used);
        Assert.Equal(2, thrown.Limit);
        Assert.Equal(new DateTimeOffset(2026, 3, 11, 0, 0, 0, TimeSpan.Zero), thrown.ResetsAt);
        Assert.Equal("the daily limit is reached (2 of 2 used)", thrown.Reason);
        Assert.Equal(1, harness.Meters.Sum("reliable.requests", "outcome", "denied"));
        Assert.Contains("[Transaction] Begin: none (user: u1, allowed: False)", harness.Log.Texts);
    }

    [Fact]
    public async Task Limit_WhenZero_DeniesTheFirstCall()
    {
        await using var harness = new RuntimeHarness(o => o.Usage.DefaultLimit = 0);
        var model = new ScriptedModel<string>().Answers(Good);

        await Assert.ThrowsAsync<UsageLimitExceededException>(() => new Assistant<string>(harness.Runtime, Policies.All(), model).AskAsync());

        Assert.Equal(0, model.Calls);
    }

    [Fact]
    public async Task Limit_WhenTheAmountDoesNotFit_DeniesThoughSomethingIsLeft()
    {
        await using var harness = new RuntimeHarness(o => o.Usage.DefaultLimit = 5);
        var policy = CallPolicy.Create(Policies.Operation, usage: new UsageTransactionAttribute { Amount = 3 });
        var assistant = new Assistant<string>(harness.Runtime, policy, new ScriptedModel<string>().Answers(Good));
        await assistant.AskAsync();

        await Assert.ThrowsAsync<UsageLimitExceededException>(() => assistant.AskAsync());

        Assert.Equal(3, await harness.UsedAsync());
    }

    [Fact]
    public async Task Limit_WhileACallIsUnderWay_CountsItsReservation()
    {
        await using var harness = new RuntimeHarness(o => o.Usage.DefaultLimit = 1);
        var gate = new TaskCompletionSource<string>();
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Does((_, _) => gate.Task));
        Task<string> first = assistant.StartAsync();

        var thrown = await Assert.ThrowsAsync<UsageLimitExceededException>(() => assistant.AskAsync());
        gate.SetResult(Good);
        await first;

        Assert.Equal("the daily limit is reached (0 used and 1 reserved of 1)", thrown.Reason);
        Assert.Equal(1, await harness.UsedAsync());
    }

    [Fact]
    public async Task Limit_WhenTheNextDayBegins_AllowsAgain()
    {
        await using var harness = new RuntimeHarness(o => o.Usage.DefaultLimit = 1);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers(Good));
        await assistant.AskAsync();
        await Assert.ThrowsAsync<UsageLimitExceededException>(() => assistant.AskAsync());

        harness.Clock.Advance(TimeSpan.FromHours(12));

        await assistant.AskAsync();
        Assert.Equal(1, await harness.UsedAsync());
    }

    [Fact]
    public async Task Limit_WhenRaised_IsTakenByTheNextCall()
    {
        await using var harness = new RuntimeHarness(o => o.Usage.DefaultLimit = 1);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers(Good));
        await assistant.AskAsync();
        await Assert.ThrowsAsync<UsageLimitExceededException>(() => assistant.AskAsync());

        await harness.Runtime.Usage.SetLimitAsync("u1", 2);

        await assistant.AskAsync();
        await Assert.ThrowsAsync<UsageLimitExceededException>(() => assistant.AskAsync());
        Assert.Equal(2, await harness.UsedAsync());
    }

    [Fact]
    public async Task Limit_WhenCallsOfOneUserRunAtOnce_IsNeverPassed()
    {
        const int Limit = 50;
        await using var harness = new RuntimeHarness(o => o.Usage.DefaultLimit = Limit);
        int random = 0;
        var model = new ScriptedModel<string>().Does((_, _) => (Interlocked.Increment(ref random) % 3) switch
        {
            0 => Task.FromResult(Good),
            1 => Task.FromException<string>(new NonRetryableException("no")),
            _ => Task.Run(() => Good),
        });
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), model) { Shape = CallShape.TaskAtOnce };
        int good = 0;
        int denied = 0;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 200; i++)
            {
                try
                {
                    await assistant.StartAsync();
                    Interlocked.Increment(ref good);
                }
                catch (UsageLimitExceededException)
                {
                    Interlocked.Increment(ref denied);
                }
                catch (NonRetryableException)
                {
                }
            }
        })));

        Assert.Equal(Limit, good);
        Assert.Equal(Limit, await harness.UsedAsync());
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
        Assert.True(denied > 0);
    }

    [Theory]
    [InlineData(2, "txn ends after five minutes and a second")]
    [InlineData(40, "and long after")]
    public async Task Expiry_WhenTheModelIsSlowAndTheAnswerGood_ChargesItUnderANewTransaction(int extraSeconds, string why)
    {
        await using var harness = new RuntimeHarness(o => o.Transactions.CleanupInterval = TimeSpan.FromMinutes(1));
        var gate = new TaskCompletionSource<string>();
        Task<string> call = new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Does((_, _) => gate.Task)).StartAsync();

        harness.Clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(extraSeconds));
        gate.SetResult(Good);

        Assert.Equal(Good, await call);
        Assert.True(await harness.UsedAsync() == 1, why);
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
    }

    [Fact]
    public async Task Expiry_WhenTheLimitWasReachedMeanwhile_DeniesTheSlowAnswer()
    {
        await using var harness = new RuntimeHarness(o => o.Usage.DefaultLimit = 1);
        var gate = new TaskCompletionSource<string>();
        var slow = new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Does((_, _) => gate.Task));
        Task<string> call = slow.StartAsync();
        harness.Clock.Advance(TimeSpan.FromMinutes(5));
        harness.Runtime.Transactions.Sweep(harness.Runtime.NowMs);
        await new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers(Good)).AskAsync();

        gate.SetResult(Good);

        await Assert.ThrowsAsync<UsageLimitExceededException>(() => call);
        Assert.Equal(1, await harness.UsedAsync());
        Assert.Equal(1, harness.Meters.Sum("reliable.requests", "outcome", "denied"));
    }

    [Fact]
    public async Task Cleanup_WhenTransactionsExpire_GivesReservationsBackAndLogsIt()
    {
        await using var harness = new RuntimeHarness(o => (o.Transactions.CleanupInterval, o.Usage.DefaultLimit) = (TimeSpan.FromMinutes(1), 3));
        await harness.Runtime.Usage.BeginAsync("u1");
        await harness.Runtime.Usage.BeginAsync("u1");
        harness.Clock.Advance(TimeSpan.FromMinutes(4));
        await harness.Runtime.Usage.BeginAsync("u1");

        harness.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1, (await harness.UsageAsync()).Reserved);
        Assert.Contains("[Transaction] Cleanup: 2 expired, 1 active", harness.Log.Texts);
        Assert.Equal(2, harness.Meters.Sum("reliable.transactions.expired"));
    }

    [Fact]
    public async Task Limit_WhenAnotherProcessReachedItMeanwhile_NeitherShowsNorChargesTheAnswer()
    {
        var clock = new FakeTimeProvider();
        var store = new MemoryUsageStore(clock);
        await using var here = new RuntimeHarness(o => o.Usage.DefaultLimit = 1, store, clock);
        await using var there = new RuntimeHarness(o => o.Usage.DefaultLimit = 1, store, clock);
        var gate = new TaskCompletionSource<string>();
        Task<string> call = new Assistant<string>(here.Runtime, Policies.All(), new ScriptedModel<string>().Does((_, _) => gate.Task)).StartAsync();
        await new Assistant<string>(there.Runtime, Policies.All(), new ScriptedModel<string>().Answers(Good)).AskAsync();

        gate.SetResult(Good);

        await Assert.ThrowsAsync<UsageLimitExceededException>(() => call);
        Assert.Equal(1, await here.UsedAsync());
        Assert.Equal(0, (await here.UsageAsync()).Reserved);
    }
}
