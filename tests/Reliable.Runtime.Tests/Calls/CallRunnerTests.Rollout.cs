using Microsoft.Extensions.AI;
using Reliable.Infrastructure;

namespace Reliable.Calls;

public sealed partial class CallRunnerTests
{
    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Off_WhenTheAnswerIsEmpty_ReturnsAndChargesIt(CallShape shape)
    {
        await using var harness = new RuntimeHarness(o => o.Rollout.Mode = RolloutMode.Off);
        var model = new ScriptedModel<string>().Answers("");

        Assert.Equal("", await new Assistant<string>(harness.Runtime, Policies.All(), model) { Shape = shape }.AskAsync());

        Assert.Equal(1, model.Calls);
        Assert.Equal(1, await harness.UsedAsync());
        Assert.Empty(harness.Log.Of("[Validation]"));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Off_WhenTheModelThrows_HasCountedBefore(CallShape shape)
    {
        await using var harness = new RuntimeHarness(o => o.Rollout.Mode = RolloutMode.Off);
        var failure = new HttpRequestException("lost");
        long usedMeanwhile = 0;
        var model = new ScriptedModel<string>().Does(async (_, _) =>
        {
            usedMeanwhile = await harness.UsedAsync();
            throw failure;
        });
        var simple = new ScriptedModel<string>().Answers(Good);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), model, simple) { Shape = shape };

        Assert.Same(failure, await Assert.ThrowsAsync<HttpRequestException>(() => assistant.AskAsync()));

        Assert.Equal(1, usedMeanwhile);
        Assert.Equal(1, model.Calls);
        Assert.Equal(0, simple.Calls);
        Assert.Equal(1, await harness.UsedAsync());
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
    }

    [Fact]
    public async Task Off_WhenNothingIsCounted_CallsTheModelAndNothingElse()
    {
        await using var harness = new RuntimeHarness(o => o.Rollout.Mode = RolloutMode.Off);
        Task<string> pending = new TaskCompletionSource<string>().Task;
        var policy = CallPolicy.Create(Policies.Operation, Policies.Retry, Policies.Validate);

        Assert.Same(pending, new Assistant<string>(harness.Runtime, policy, new ScriptedModel<string>().Does((_, _) => pending)).StartAsync());
        Assert.Empty(harness.Log.Lines);
    }

    [Fact]
    public async Task Off_WhenTheLimitIsReached_DeniesAsBefore()
    {
        await using var harness = new RuntimeHarness(o => (o.Rollout.Mode, o.Usage.DefaultLimit) = (RolloutMode.Off, 1));
        var model = new ScriptedModel<string>().Answers("");
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), model);
        await assistant.AskAsync();

        await Assert.ThrowsAsync<UsageLimitExceededException>(() => assistant.AskAsync());

        Assert.Equal(1, model.Calls);
    }

    [Fact]
    public async Task Off_ForADisabledUser_AppliesToThatUserOnly()
    {
        await using var harness = new RuntimeHarness(o => o.Rollout.DisabledUsers = ["u2"]);
        var model = new ScriptedModel<string>().Answers("");
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(r => r.MaxRetries = 0), model);

        Assert.Equal("", await assistant.AskAsync("u2"));
        await Assert.ThrowsAsync<RetriesExhaustedException>(() => assistant.AskAsync("u1"));

        Assert.Equal(1, await harness.UsedAsync("u2"));
        Assert.Equal(0, await harness.UsedAsync("u1"));
    }

    [Fact]
    public async Task Off_ForADisabledModel_AppliesToThatModelOnly()
    {
        await using var harness = new RuntimeHarness(o => o.Rollout.DisabledModels = ["gpt-x"]);
        CallPolicy policy = Policies.All(r => r.MaxRetries = 0);

        Assert.Equal("", await new Assistant<string>(harness.Runtime, policy, new ScriptedModel<string>().Answers("")) { ModelId = "gpt-x" }.AskAsync());
        await Assert.ThrowsAsync<RetriesExhaustedException>(
            () => new Assistant<string>(harness.Runtime, policy, new ScriptedModel<string>().Answers("")) { ModelId = "gpt-y" }.AskAsync());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Observe_WhenTheAnswerIsInvalid_ReturnsItAndReportsTheVerdict(CallShape shape)
    {
        await using var harness = new RuntimeHarness(o => o.Rollout.Mode = RolloutMode.Observe);
        var model = new ScriptedModel<string>().Answers("abc");

        Assert.Equal("abc", await new Assistant<string>(harness.Runtime, Policies.All(), model) { Shape = shape }.AskAsync());

        Assert.Equal(1, model.Calls);
        Assert.Equal(1, await harness.UsedAsync());
        Assert.Contains("[Validation] Invalid response: Insufficient text (3 chars) (3 chars, 1 messages)", harness.Log.Texts);
        Assert.Contains(
            "[Observe] Assistant.AskAsync for chat-1 would be retried, and not charged for this attempt: Insufficient text (3 chars)", harness.Log.Texts);
        Assert.Equal(1, harness.Meters.Sum("reliable.validation.failures", "reason", "InsufficientText"));
        Assert.Equal(1, harness.Meters.Sum("reliable.requests"));
    }

    [Fact]
    public async Task Observe_WhenTheModelRefuses_SaysThatItWouldNotBeRetried()
    {
        await using var harness = new RuntimeHarness(o => o.Rollout.Mode = RolloutMode.Observe);
        var assistant = new Assistant<ChatResponse>(harness.Runtime, Policies.All(), new ScriptedModel<ChatResponse>().Answers(Refusal()));

        await assistant.AskAsync();

        Assert.Equal(
            "[Observe] Assistant.AskAsync for chat-1 would be returned as it is, and not charged: Content filter", Assert.Single(harness.Log.Of("[Observe]")));
    }

    [Fact]
    public async Task Observe_WhenTheValidatorThrows_StillReturnsTheAnswer()
    {
        await using var harness = new RuntimeHarness(o => o.Rollout.Mode = RolloutMode.Observe);
        var policy = CallPolicy.Create(
            Policies.Operation, Policies.Retry, new ValidateResponseAttribute { Validator = typeof(ThrowingValidator) }, null, static () => new ThrowingValidator());
        var assistant = new Assistant<string>(harness.Runtime, policy, new ScriptedModel<string>().Answers(Good));

        Assert.Equal(Good, await assistant.AskAsync());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Observe_WhenTheModelThrows_PassesItAndReportsTheVerdict(CallShape shape)
    {
        await using var harness = new RuntimeHarness(o => o.Rollout.Mode = RolloutMode.Observe);
        var failure = new HttpRequestException("lost", null, System.Net.HttpStatusCode.BadGateway);
        var model = new ScriptedModel<string>().Throws(failure);

        Assert.Same(
            failure,
            await Assert.ThrowsAsync<HttpRequestException>(() => new Assistant<string>(harness.Runtime, Policies.All(), model) { Shape = shape }.AskAsync()));

        Assert.Equal(1, await harness.UsedAsync());
        Assert.Contains("[Observe] Assistant.AskAsync for chat-1 would be retried, and not charged for this attempt: HTTP 502", harness.Log.Texts);
    }

    [Fact]
    public async Task Observe_WhenTheAnswerIsGood_ReportsNothing()
    {
        await using var harness = new RuntimeHarness(o => o.Rollout.Mode = RolloutMode.Observe);

        await new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers(Good)).AskAsync();

        Assert.Empty(harness.Log.Of("[Observe]"));
        Assert.Equal(1, await harness.UsedAsync());
        Assert.Equal(1, harness.Meters.Sum("reliable.requests", "outcome", "success"));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Refusal_ByContentFilter_IsReturnedNeitherRetriedNorCharged(CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        ChatResponse refusal = Refusal();
        var model = new ScriptedModel<ChatResponse>().Answers(refusal);
        var simple = new ScriptedModel<ChatResponse>().Answers(refusal);

        Assert.Same(refusal, await new Assistant<ChatResponse>(harness.Runtime, Policies.All(), model, simple) { Shape = shape }.AskAsync());

        Assert.Equal(1, model.Calls);
        Assert.Equal(0, simple.Calls);
        Assert.Equal(0, await harness.UsedAsync());
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
        Assert.Equal(1, harness.Meters.Sum("reliable.requests", "outcome", "refused"));
        Assert.Equal(1, harness.Meters.Sum("reliable.transactions.rollbacks", "reason", "Content filter"));
    }

    [Fact]
    public async Task Refusal_OfALaterAttempt_EndsTheCallTheSameWay()
    {
        await using var harness = new RuntimeHarness();
        ChatResponse refusal = Refusal();
        var model = new ScriptedModel<ChatResponse>().Answers(new ChatResponse(), refusal);

        Assert.Same(refusal, await new Assistant<ChatResponse>(harness.Runtime, Policies.All(), model).AskAsync());

        Assert.Equal(2, model.Calls);
        Assert.Equal(0, await harness.UsedAsync());
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
    }

    [Fact]
    public async Task Refusal_OfTheFallback_EndsTheCallTheSameWay()
    {
        await using var harness = new RuntimeHarness();
        ChatResponse refusal = Refusal();
        var assistant = new Assistant<ChatResponse>(
            harness.Runtime,
            Policies.All(r => r.MaxRetries = 0),
            new ScriptedModel<ChatResponse>().Answers(new ChatResponse()),
            new ScriptedModel<ChatResponse>().Answers(refusal));

        Assert.Same(refusal, await assistant.AskAsync());
        Assert.Equal(0, await harness.UsedAsync());
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
    }

    private static ChatResponse Refusal()
        => new(new ChatMessage(ChatRole.Assistant, "I cannot help with that.")) { FinishReason = ChatFinishReason.ContentFilter };

    private sealed class ThrowingValidator : IResponseValidator<string>
    {
        public ValidationResult Validate(string response) => throw new InvalidOperationException("the validator failed");
    }
}
