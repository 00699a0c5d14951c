using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Reliable.Infrastructure;

namespace Reliable.Calls;

public sealed partial class CallRunnerTests
{
    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task AttemptTimeout_WhenAnAttemptIsSlow_CancelsItAndTriesAgain(CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        var model = new ScriptedModel<string>().Does((_, token) => Delays.Until(token)).Answers(Good);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(r => r.AttemptTimeoutMs = 700), model) { Shape = shape };

        Assert.Equal(Good, await assistant.AskAsync());

        Assert.Equal(2, model.Calls);
        Assert.Equal(AttemptFailureKind.Timeout, model.Seen[1].Previous?.Kind);
        Assert.Equal(TimeSpan.FromMilliseconds(700), model.Seen[1].Previous?.Duration);
        Assert.IsType<TimeoutException>(model.Seen[1].Previous?.Exception);
        Assert.Equal(1_700, harness.Clock.Elapsed.TotalMilliseconds);
        Assert.Equal(1, await harness.UsedAsync());
    }

    [Fact]
    public async Task AttemptTimeout_WhenEveryAttemptIsSlow_ExhaustsTheRetries()
    {
        await using var harness = new RuntimeHarness();
        var model = new ScriptedModel<string>().Does((_, token) => Delays.Until(token));
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(r => r.AttemptTimeoutMs = 500), model);

        var thrown = await Assert.ThrowsAsync<RetriesExhaustedException>(() => assistant.AskAsync());

        Assert.Equal(4, thrown.Attempts.Count);
        Assert.All(thrown.Attempts, attempt => Assert.Equal(AttemptFailureKind.Timeout, attempt.Kind));
        Assert.Equal((4 * 500) + 7_000, harness.Clock.Elapsed.TotalMilliseconds);
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
    }

    [Fact]
    public async Task AttemptTimeout_WhenTheFirstAnswerIsGood_ChangesNothing()
    {
        await using var harness = new RuntimeHarness();
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(r => r.AttemptTimeoutMs = 500), new ScriptedModel<string>().Answers(Good));

        Assert.Equal(Good, await assistant.AskAsync());

        Assert.Equal(1, await harness.UsedAsync());
        Assert.Empty(harness.Log.Of("[Retry]"));
        Assert.Equal(0, harness.Meters.Count("reliable.retry.duration"));
    }

    [Fact]
    public async Task AttemptTimeout_WhenAnAttemptFailsForGood_LogsNoRetry()
    {
        await using var harness = new RuntimeHarness();
        var assistant = new Assistant<string>(
            harness.Runtime, Policies.All(r => r.AttemptTimeoutMs = 500), new ScriptedModel<string>().Throws(new NonRetryableException("no")));

        await Assert.ThrowsAsync<NonRetryableException>(() => assistant.AskAsync());

        Assert.Empty(harness.Log.Of("[Retry]"));
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
    }

    [Fact]
    public async Task TotalTimeout_WhenItEndsDuringAnAttempt_MakesNoFurtherOne()
    {
        await using var harness = new RuntimeHarness();
        var model = new ScriptedModel<string>().Answers("").Does((_, token) => Delays.Until(token));
        var simple = new ScriptedModel<string>().Answers(Good);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(r => r.TotalTimeoutMs = 1_500), model, simple);

        var thrown = await Assert.ThrowsAsync<RetriesExhaustedException>(() => assistant.AskAsync());

        Assert.Equal([AttemptFailureKind.InvalidResponse, AttemptFailureKind.Timeout], thrown.Attempts.Select(attempt => attempt.Kind));
        Assert.Equal(1_500, harness.Clock.Elapsed.TotalMilliseconds);
        Assert.Equal(0, simple.Calls);
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
    }

    [Fact]
    public async Task TotalTimeout_WhenItEndsDuringADelay_MakesNoFurtherAttempt()
    {
        await using var harness = new RuntimeHarness();
        var model = new ScriptedModel<string>().Answers("");
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(r => r.TotalTimeoutMs = 2_500), model);

        var thrown = await Assert.ThrowsAsync<RetriesExhaustedException>(() => assistant.AskAsync());

        Assert.Equal(2, thrown.Attempts.Count);
        Assert.Equal(2, model.Calls);
        Assert.Equal(2_500, harness.Clock.Elapsed.TotalMilliseconds);
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
    }

    [Fact]
    public async Task Strategies_OfTheApplication_SeeEveryAttemptIncludingTheFirst()
    {
        int seen = 0;
        await using var harness = new RuntimeHarness(strategies: builder => builder.AddStrategy(_ => new CountingStrategy(() => seen++)));
        var model = new ScriptedModel<string>().Answers("", "", Good);

        await new Assistant<string>(harness.Runtime, Policies.All(), model).AskAsync();

        Assert.Equal(3, seen);
        Assert.Equal(1, await harness.UsedAsync());
    }

    [Fact]
    public async Task Strategies_WhenACircuitBreakerSeesRejectedAnswers_OpensAndStopsTheCall()
    {
        await using var harness = new RuntimeHarness(strategies: builder => builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            ShouldHandle = static args => new(args.Outcome.Exception is RetryableException),
            FailureRatio = 1,
            MinimumThroughput = 2,
        }));
        var model = new ScriptedModel<string>().Answers("");
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), model);

        await Assert.ThrowsAsync<BrokenCircuitException>(() => assistant.AskAsync());

        Assert.Equal(2, model.Calls);
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
        Assert.Equal(0, harness.Runtime.Statistics.ActiveTransactions);
    }

    [Fact]
    public async Task Strategies_WhenTheMethodIsNotRetried_LeaveItAlone()
    {
        int seen = 0;
        await using var harness = new RuntimeHarness(strategies: builder => builder.AddStrategy(_ => new CountingStrategy(() => seen++)));
        var failure = new HttpRequestException("lost");
        var assistant = new Assistant<string>(
            harness.Runtime, CallPolicy.Create(Policies.Operation, usage: Policies.Usage), new ScriptedModel<string>().Throws(failure));

        Assert.Same(failure, await Assert.ThrowsAnyAsync<Exception>(() => assistant.AskAsync()));

        Assert.Equal(0, seen);
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
    }

    [Fact]
    public async Task Strategies_WhenOneFailsInsteadOfTheModel_CountAsAnAttempt()
    {
        // What a chaos strategy does: the model is never asked.
        await using var harness = new RuntimeHarness(
            strategies: builder => builder.AddStrategy(_ => new CountingStrategy(() => throw new TimeoutRejectedException("injected"))));
        var model = new ScriptedModel<string>().Answers(Good);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(r => r.MaxRetries = 1), model);

        var thrown = await Assert.ThrowsAsync<RetriesExhaustedException>(() => assistant.AskAsync());

        Assert.NotEmpty(thrown.Attempts);
        Assert.IsType<TimeoutRejectedException>(thrown.Attempts[^1].Exception);
        Assert.Equal(0, model.Calls);
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
    }

    [Fact]
    public async Task Strategies_WhenThePipelineCannotBeBuilt_RollBack()
    {
        await using var harness = new RuntimeHarness(strategies: _ => throw new FormatException("no pipeline"));
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers(Good));

        await Assert.ThrowsAsync<FormatException>(() => assistant.AskAsync());

        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
        Assert.Equal(0, harness.Runtime.Statistics.ActiveTransactions);
    }

    private sealed class CountingStrategy(Action seen) : ResilienceStrategy
    {
        protected override ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
        {
            try
            {
                seen();
            }
            catch (Exception e)
            {
                return Outcome.FromExceptionAsValueTask<TResult>(e);
            }

            return callback(context, state);
        }
    }
}
