using Reliable.Infrastructure;

namespace Reliable.Calls;

public sealed partial class CallRunnerTests
{
    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Fallback_WhenAllAttemptsFailed_IsAskedAtOnceAndCharged(CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        var model = new ScriptedModel<string>().Answers("");
        var simple = new ScriptedModel<string>().Answers(Good);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), model, simple) { Shape = shape };

        Assert.Equal(Good, await assistant.AskAsync());

        Assert.Equal(4, model.Calls);
        AttemptContext attempt = Assert.Single(simple.Seen);
        Assert.True(attempt.IsFallback);
        Assert.Equal(5, attempt.Number);
        Assert.Equal(4, attempt.MaxAttempts);
        Assert.Contains("contained no visible text", attempt.Guidance, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(7), harness.Clock.Elapsed);
        Assert.Equal(1, await harness.UsedAsync());
        Assert.Equal(0, harness.Runtime.Statistics.ActiveTransactions);
    }

    [Fact]
    public async Task Fallback_WhenDisabledByConfiguration_IsNotAsked()
    {
        await using var harness = new RuntimeHarness(o => o.Retry.EnableFallback = false);
        var simple = new ScriptedModel<string>().Answers(Good);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers(""), simple);

        await Assert.ThrowsAsync<RetriesExhaustedException>(() => assistant.AskAsync());

        Assert.Equal(0, simple.Calls);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Fallback_WhenItsAnswerIsInvalid_IsTheLastOfTheAttempts(CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        var simple = new ScriptedModel<string>().Answers("abc");
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers(""), simple) { Shape = shape };

        var thrown = await Assert.ThrowsAsync<RetriesExhaustedException>(() => assistant.AskAsync());

        Assert.Equal(5, thrown.Attempts.Count);
        Assert.True(thrown.Attempts[^1].IsFallback);
        Assert.Equal(5, thrown.Attempts[^1].Number);
        Assert.Equal(RejectionReason.InsufficientText, thrown.Attempts[^1].Reason);
        Assert.Equal(1, simple.Calls);
        Assert.Equal(0, await harness.UsedAsync());
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Fallback_WhenItThrowsARetryableException_IsTheLastOfTheAttempts(CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        var failure = new TimeoutException();
        var simple = new ScriptedModel<string>().Throws(failure);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers(""), simple) { Shape = shape };

        var thrown = await Assert.ThrowsAsync<RetriesExhaustedException>(() => assistant.AskAsync());

        Assert.Same(failure, thrown.Attempts[^1].Exception);
        Assert.Equal(AttemptFailureKind.Timeout, thrown.Attempts[^1].Kind);
        Assert.Equal(1, simple.Calls);
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Fallback_WhenItThrowsANonRetryableException_PassesItUnchanged(CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        var failure = new NonRetryableException("no");
        var simple = new ScriptedModel<string>().Does((_, _) => ThrowFromHere(failure));
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers(""), simple) { Shape = shape };

        var thrown = await Assert.ThrowsAsync<NonRetryableException>(() => assistant.AskAsync());

        Assert.Same(failure, thrown);
        Assert.Contains(nameof(ThrowFromHere), thrown.StackTrace, StringComparison.Ordinal);
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
        Assert.Equal(0, harness.Runtime.Statistics.ActiveTransactions);
    }

    [Fact]
    public async Task Fallback_WhenItThrowsTheExhaustionOfAnotherMethod_RollsBackAndPassesIt()
    {
        await using var harness = new RuntimeHarness();
        var failure = new RetriesExhaustedException(
            "Other.AskAsync", [new AttemptFailure(1, false, AttemptFailureKind.Exception, default, RejectionReason.None, "busy", null)]);
        var simple = new ScriptedModel<string>().Fails(failure);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers(""), simple);

        Assert.Same(failure, await Assert.ThrowsAsync<RetriesExhaustedException>(() => assistant.AskAsync()));

        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
        Assert.Equal(0, harness.Runtime.Statistics.ActiveTransactions);
        Assert.Equal(1, harness.Meters.Sum("reliable.fallback.attempts", "outcome", "failure"));
    }

    [Fact]
    public async Task Fallback_WhenAttemptFailsForGood_IsNotAsked()
    {
        await using var harness = new RuntimeHarness();
        var simple = new ScriptedModel<string>().Answers(Good);
        var assistant = new Assistant<string>(
            harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers("").Throws(new NonRetryableException("no")), simple);

        await Assert.ThrowsAsync<NonRetryableException>(() => assistant.AskAsync());

        Assert.Equal(0, simple.Calls);
    }

    [Fact]
    public async Task Fallback_WhenThereAreNoRetries_FollowsTheFirstAttempt()
    {
        await using var harness = new RuntimeHarness();
        var simple = new ScriptedModel<string>().Answers(Good);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(r => r.MaxRetries = 0), new ScriptedModel<string>().Answers(""), simple);

        Assert.Equal(Good, await assistant.AskAsync());

        Assert.Equal(2, Assert.Single(simple.Seen).Number);
        Assert.Equal(TimeSpan.Zero, harness.Clock.Elapsed);
    }

    [Fact]
    public async Task Fallback_WhenItTakesLongerThanAnAttemptMay_IsCancelled()
    {
        await using var harness = new RuntimeHarness();
        var simple = new ScriptedModel<string>().Does((_, token) => Delays.Until(token));
        var policy = Policies.All(r => (r.MaxRetries, r.AttemptTimeoutMs) = (0, 500));
        var assistant = new Assistant<string>(harness.Runtime, policy, new ScriptedModel<string>().Answers(""), simple);

        var thrown = await Assert.ThrowsAsync<RetriesExhaustedException>(() => assistant.AskAsync());

        Assert.Equal(AttemptFailureKind.Timeout, thrown.Attempts[^1].Kind);
        Assert.Equal(TimeSpan.FromMilliseconds(500), harness.Clock.Elapsed);
    }

    [Fact]
    public async Task Fallback_WhenTotalTimeEndsMeanwhile_IsCancelled()
    {
        await using var harness = new RuntimeHarness();
        var simple = new ScriptedModel<string>().Does((_, token) => Delays.Until(token));
        var policy = Policies.All(r => (r.MaxRetries, r.TotalTimeoutMs) = (1, 3000));
        var assistant = new Assistant<string>(harness.Runtime, policy, new ScriptedModel<string>().Answers(""), simple);

        var thrown = await Assert.ThrowsAsync<RetriesExhaustedException>(() => assistant.AskAsync());

        Assert.Equal(AttemptFailureKind.Timeout, thrown.Attempts[^1].Kind);
        Assert.True(thrown.Attempts[^1].IsFallback);
        Assert.Equal(TimeSpan.FromSeconds(3), harness.Clock.Elapsed);
    }

    [Fact]
    public async Task Fallback_WhenTheCallerCancelsLongAfterwards_IsNotDisturbed()
    {
        await using var harness = new RuntimeHarness();
        using var caller = new CancellationTokenSource();
        var policy = Policies.All(r => (r.MaxRetries, r.AttemptTimeoutMs) = (0, 500));
        var assistant = new Assistant<string>(
            harness.Runtime, policy, new ScriptedModel<string>().Answers(""), new ScriptedModel<string>().Answers(Good));
        await assistant.AskAsync(cancellationToken: caller.Token);

        Exception? thrown = Record.Exception(caller.Cancel);

        Assert.Null(thrown);
    }
}
