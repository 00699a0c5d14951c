using Reliable.Infrastructure;

namespace Reliable.Calls;

public sealed partial class CallRunnerTests
{
    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Cancellation_BeforeTheCall_CallsNoModelAndChargesNothing(CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        var model = new ScriptedModel<string>().Answers(Good);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), model) { Shape = shape };
        await assistant.AskAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => assistant.AskAsync(cancellationToken: new CancellationToken(true)));

        Assert.Equal(1, model.Calls);
        Assert.Equal(1, await harness.UsedAsync());
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Cancellation_DuringAnAttempt_RollsBackAndPasses(CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        using var caller = new CancellationTokenSource();
        var model = new ScriptedModel<string>().Does((_, token) => Delays.Until(token));
        var simple = new ScriptedModel<string>().Answers(Good);
        Task<string> call = new Assistant<string>(harness.Runtime, Policies.All(), model, simple) { Shape = shape }.StartAsync(cancellationToken: caller.Token);
        harness.Clock.Advance(TimeSpan.FromMilliseconds(1));

        await caller.CancelAsync();

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(caller.Token, thrown.CancellationToken);
        Assert.Equal(1, model.Calls);
        Assert.Equal(0, simple.Calls);
        Assert.Equal(0, await harness.UsedAsync());
        Assert.Equal(0, harness.Runtime.Statistics.ActiveTransactions);
        Assert.Equal(1, harness.Meters.Sum("reliable.requests", "outcome", "cancelled"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Cancellation_WhenTheClientReportsItAsABrokenConnection_IsNotRetriedAndCallsNoFallback(int attempt)
    {
        await using var harness = new RuntimeHarness();
        using var caller = new CancellationTokenSource();
        var failure = new HttpRequestException("aborted");
        var model = new ScriptedModel<string>();
        for (int i = 0; i < attempt; i++)
        {
            model.Answers("");
        }

        model.Does((_, _) =>
        {
            caller.Cancel();
            return Task.FromException<string>(failure);
        });
        var simple = new ScriptedModel<string>().Answers(Good);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), model, simple);

        Exception thrown = await Assert.ThrowsAnyAsync<Exception>(() => assistant.AskAsync(cancellationToken: caller.Token));

        Assert.True(ReferenceEquals(thrown, failure) || thrown is OperationCanceledException, $"'{thrown}' was thrown.");
        Assert.Equal(attempt + 1, model.Calls);
        Assert.Equal(0, simple.Calls);
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
        Assert.Equal(1, harness.Meters.Sum("reliable.requests", "outcome", "cancelled"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Cancellation_WhenTheAnswerWasRejected_ThrowsTheCancellation(int attempt)
    {
        await using var harness = new RuntimeHarness();
        using var caller = new CancellationTokenSource();
        var model = new ScriptedModel<string>();
        for (int i = 0; i < attempt; i++)
        {
            model.Answers("");
        }

        model.Does((_, _) =>
        {
            caller.Cancel();
            return Task.FromResult("");
        });
        var simple = new ScriptedModel<string>().Answers(Good);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), model, simple);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => assistant.AskAsync(cancellationToken: caller.Token));

        Assert.Equal(attempt + 1, model.Calls);
        Assert.Equal(0, simple.Calls);
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
    }

    [Fact]
    public async Task Cancellation_DuringTheDelay_EndsItAtOnce()
    {
        await using var harness = new RuntimeHarness();
        using var caller = new CancellationTokenSource();
        var model = new ScriptedModel<string>().Answers("");
        var simple = new ScriptedModel<string>().Answers(Good);
        Task<string> call = new Assistant<string>(harness.Runtime, Policies.All(), model, simple).StartAsync(cancellationToken: caller.Token);

        await caller.CancelAsync();

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(caller.Token, thrown.CancellationToken);
        Assert.Equal(TimeSpan.Zero, harness.Clock.Elapsed);
        Assert.Equal(1, model.Calls);
        Assert.Equal(0, simple.Calls);
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
        Assert.Contains(harness.Log.Texts, text => text.EndsWith("(user: u1, reason: Cancelled by the caller)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cancellation_DuringTheFallback_RollsBackAndPasses()
    {
        await using var harness = new RuntimeHarness();
        using var caller = new CancellationTokenSource();
        var simple = new ScriptedModel<string>().Does((_, token) => Delays.Until(token));
        var policy = Policies.All(r => (r.MaxRetries, r.AttemptTimeoutMs) = (0, 60_000));
        Task<string> call = new Assistant<string>(harness.Runtime, policy, new ScriptedModel<string>().Answers(""), simple)
            .StartAsync(cancellationToken: caller.Token);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
        Assert.Equal(1, harness.Meters.Sum("reliable.requests", "outcome", "cancelled"));
    }

    [Fact]
    public async Task Cancellation_AfterAGoodAnswer_StillReturnsAndChargesIt()
    {
        await using var harness = new RuntimeHarness();
        using var caller = new CancellationTokenSource();
        var model = new ScriptedModel<string>().Does((_, _) =>
        {
            caller.Cancel();
            return Task.FromResult(Good);
        });

        Assert.Equal(Good, await new Assistant<string>(harness.Runtime, Policies.All(), model).AskAsync(cancellationToken: caller.Token));
        Assert.Equal(1, await harness.UsedAsync());
    }
}
