using Reliable.Infrastructure;

namespace Reliable.Calls;

public sealed partial class CallRunnerTests
{
    private const string Good = "A good and complete answer.";

    public static TheoryData<CallShape> Shapes => [.. Enum.GetValues<CallShape>()];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Run_WhenFirstAnswerIsGood_ReturnsItAndChargesOnce(CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        var model = new ScriptedModel<string>().Answers(Good);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), model) { Shape = shape };

        string answer = await assistant.AskAsync();

        Assert.Equal(Good, answer);
        Assert.Equal(1, model.Calls);
        Assert.Equal(1, await harness.UsedAsync());
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
        Assert.Equal(0, harness.Runtime.Statistics.ActiveTransactions);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Run_WhenSecondAnswerIsGood_ChargesOnceAfterTheDelay(CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        var model = new ScriptedModel<string>().Answers("", Good);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), model) { Shape = shape };

        string answer = await assistant.AskAsync();

        Assert.Equal(Good, answer);
        Assert.Equal(2, model.Calls);
        Assert.Equal(TimeSpan.FromSeconds(1), harness.Clock.Elapsed);
        Assert.Equal(1, await harness.UsedAsync());
        Assert.Equal(0, harness.Runtime.Statistics.ActiveTransactions);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Run_WhenAllAnswersAreInvalid_ThrowsWithEveryAttemptAndChargesNothing(CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        var model = new ScriptedModel<string>().Answers("", "   ", "abc", "\u200b");
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), model) { Shape = shape };

        var thrown = await Assert.ThrowsAsync<RetriesExhaustedException>(() => assistant.AskAsync());

        Assert.Equal(Policies.Operation, thrown.Operation);
        Assert.Equal([1, 2, 3, 4], thrown.Attempts.Select(attempt => attempt.Number));
        Assert.All(thrown.Attempts, attempt => Assert.Equal(AttemptFailureKind.InvalidResponse, attempt.Kind));
        Assert.Equal(
            [RejectionReason.EmptyResponse, RejectionReason.WhitespaceOnly, RejectionReason.InsufficientText, RejectionReason.WhitespaceOnly],
            thrown.Attempts.Select(attempt => attempt.Reason));
        Assert.Equal(
            ["Empty response", "Whitespace-only content", "Insufficient text (3 chars)", "Whitespace-only content"],
            thrown.Attempts.Select(attempt => attempt.Message));
        Assert.All(thrown.Attempts, attempt => Assert.False(attempt.IsFallback));
        Assert.All(thrown.Attempts, attempt => Assert.Null(attempt.Exception));
        Assert.Contains("This request was not counted.", thrown.UserMessage, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(1 + 2 + 4), harness.Clock.Elapsed);
        Assert.Equal(0, await harness.UsedAsync());
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
        Assert.Equal(0, harness.Runtime.Statistics.ActiveTransactions);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Run_WhenExceptionIsRetryable_KeepsItInTheAttempts(CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        var failure = new RetryableException("busy");
        var model = new ScriptedModel<string>().Throws(failure);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), model) { Shape = shape };

        var thrown = await Assert.ThrowsAsync<RetriesExhaustedException>(() => assistant.AskAsync());

        Assert.Equal(4, thrown.Attempts.Count);
        Assert.All(thrown.Attempts, attempt => Assert.Same(failure, attempt.Exception));
        Assert.All(thrown.Attempts, attempt => Assert.Equal(AttemptFailureKind.Exception, attempt.Kind));
        Assert.All(thrown.Attempts, attempt => Assert.Equal("busy", attempt.Message));
        Assert.All(thrown.Attempts, attempt => Assert.Equal(RejectionReason.None, attempt.Reason));
        Assert.Same(failure, thrown.InnerException);
        Assert.Equal(0, await harness.UsedAsync());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Run_WhenExceptionIsNotRetryable_PassesTheSameObjectWithItsStack(CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        var failure = new NonRetryableException("no");
        var model = new ScriptedModel<string>().Does((_, _) => ThrowFromHere(failure));
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), model) { Shape = shape };

        var thrown = await Assert.ThrowsAsync<NonRetryableException>(() => assistant.AskAsync());

        Assert.Same(failure, thrown);
        Assert.Contains(nameof(ThrowFromHere), thrown.StackTrace, StringComparison.Ordinal);
        Assert.Equal(1, model.Calls);
        Assert.Equal(0, await harness.UsedAsync());
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
        Assert.Equal(0, harness.Runtime.Statistics.ActiveTransactions);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Run_WhenSecondAttemptIsNotRetryable_PassesTheSameObjectWithItsStack(CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        var failure = new NonRetryableException("no");
        var model = new ScriptedModel<string>().Answers("").Does((_, _) => ThrowFromHere(failure));
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), model) { Shape = shape };

        var thrown = await Assert.ThrowsAsync<NonRetryableException>(() => assistant.AskAsync());

        Assert.Same(failure, thrown);
        Assert.Contains(nameof(ThrowFromHere), thrown.StackTrace, StringComparison.Ordinal);
        Assert.Equal(2, model.Calls);
        Assert.Equal(0, await harness.UsedAsync());
        Assert.Equal(0, harness.Runtime.Statistics.ActiveTransactions);
    }

    [Fact]
    public async Task Run_WhenTaskSucceeds_ReturnsTheModelsOwnTask()
    {
        await using var harness = new RuntimeHarness();
        Task<string> cached = Task.FromResult(Good);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Does((_, _) => cached));
        await assistant.AskAsync();

        Assert.Same(cached, assistant.StartAsync());
    }

    [Fact]
    public async Task Run_WhenAnswerIsNull_RejectsItAsNoAssistantMessage()
    {
        await using var harness = new RuntimeHarness();
        var policy = Policies.All(retry => retry.MaxRetries = 0);
        var assistant = new Assistant<string?>(harness.Runtime, policy, new ScriptedModel<string?>().Answers((string?)null));

        var thrown = await Assert.ThrowsAsync<RetriesExhaustedException>(() => assistant.AskAsync());

        Assert.Equal(RejectionReason.NoAssistantMessage, Assert.Single(thrown.Attempts).Reason);
    }

    [Fact]
    public async Task Run_WhenModelReturnsNoTask_FailsAndRollsBack()
    {
        await using var harness = new RuntimeHarness();
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Does((_, _) => null!));

        await Assert.ThrowsAnyAsync<Exception>(() => assistant.AskAsync());

        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Run_WhenUserIdIsEmpty_SaysSoAndDoesNotCallTheModel(string? userId)
    {
        await using var harness = new RuntimeHarness();
        var model = new ScriptedModel<string>().Answers(Good);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), model);

        var thrown = await Assert.ThrowsAsync<ArgumentException>(() => assistant.AskAsync(userId));

        Assert.Contains(Policies.Operation, thrown.Message, StringComparison.Ordinal);
        Assert.Equal(0, model.Calls);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Run_WhenMethodIsNotCounted_NeedsNoUser(string? userId)
    {
        await using var harness = new RuntimeHarness();
        var policy = CallPolicy.Create(Policies.Operation, Policies.Retry, Policies.Validate);
        var assistant = new Assistant<string>(harness.Runtime, policy, new ScriptedModel<string>().Answers("", Good));

        Assert.Equal(Good, await assistant.AskAsync(userId));
    }

    [Fact]
    public async Task Run_WhenOnlyRetryIsThere_RetriesExceptionsAndTakesAnyAnswer()
    {
        await using var harness = new RuntimeHarness();
        var model = new ScriptedModel<string>().Throws(new TimeoutException()).Answers("");
        var assistant = new Assistant<string>(harness.Runtime, CallPolicy.Create(Policies.Operation, Policies.Retry), model);

        Assert.Equal("", await assistant.AskAsync());

        Assert.Equal(2, model.Calls);
        Assert.Equal(0, await harness.UsedAsync());
    }

    [Fact]
    public async Task Run_WhenOnlyValidationIsThere_RejectsAtOnce()
    {
        await using var harness = new RuntimeHarness();
        var model = new ScriptedModel<string>().Answers("abc");
        var assistant = new Assistant<string>(harness.Runtime, CallPolicy.Create(Policies.Operation, validation: Policies.Validate), model);

        var thrown = await Assert.ThrowsAsync<RetriesExhaustedException>(() => assistant.AskAsync());

        Assert.Equal(RejectionReason.InsufficientText, Assert.Single(thrown.Attempts).Reason);
        Assert.Equal(1, model.Calls);
    }

    [Fact]
    public async Task Run_WhenOnlyValidationIsThere_PassesExceptionsUnchanged()
    {
        await using var harness = new RuntimeHarness();
        var failure = new RetryableException("busy");
        var assistant = new Assistant<string>(
            harness.Runtime, CallPolicy.Create(Policies.Operation, validation: Policies.Validate), new ScriptedModel<string>().Throws(failure));

        Assert.Same(failure, await Assert.ThrowsAsync<RetryableException>(() => assistant.AskAsync()));
    }

    [Fact]
    public async Task Run_WhenOnlyUsageIsThere_ChargesAnyAnswer()
    {
        await using var harness = new RuntimeHarness();
        var assistant = new Assistant<string>(
            harness.Runtime, CallPolicy.Create(Policies.Operation, usage: Policies.Usage), new ScriptedModel<string>().Answers(""));

        Assert.Equal("", await assistant.AskAsync());
        Assert.Equal(1, await harness.UsedAsync());
    }

    [Fact]
    public async Task Run_WhenOnlyUsageIsThereAndTheModelThrows_ChargesNothing()
    {
        await using var harness = new RuntimeHarness();
        var failure = new HttpRequestException("lost");
        var assistant = new Assistant<string>(
            harness.Runtime, CallPolicy.Create(Policies.Operation, usage: Policies.Usage), new ScriptedModel<string>().Throws(failure));

        Assert.Same(failure, await Assert.ThrowsAsync<HttpRequestException>(() => assistant.AskAsync()));
        Assert.Equal(0, await harness.UsedAsync());
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
    }

    [Fact]
    public async Task Run_WhenValidationAndUsageAreThere_ChargesGoodAnswersOnly()
    {
        await using var harness = new RuntimeHarness();
        var policy = CallPolicy.Create(Policies.Operation, validation: Policies.Validate, usage: Policies.Usage);
        var assistant = new Assistant<string>(harness.Runtime, policy, new ScriptedModel<string>().Answers("abc", Good));

        await Assert.ThrowsAsync<RetriesExhaustedException>(() => assistant.AskAsync());
        await assistant.AskAsync();

        Assert.Equal(1, await harness.UsedAsync());
    }

    [Fact]
    public async Task Run_WhenCounterAndAmountAreNamed_ChargesThose()
    {
        await using var harness = new RuntimeHarness();
        var policy = CallPolicy.Create(Policies.Operation, usage: new UsageTransactionAttribute { Counter = "images", Amount = 3 });
        var assistant = new Assistant<string>(harness.Runtime, policy, new ScriptedModel<string>().Answers(Good));

        await assistant.AskAsync();
        await assistant.AskAsync();

        Assert.Equal(6, await harness.UsedAsync(counter: "images"));
        Assert.Equal(0, await harness.UsedAsync());
    }

    [Fact]
    public async Task Run_WhenTwoRuntimesShareAPolicy_EachKeepsItsOwnCounters()
    {
        await using var first = new RuntimeHarness();
        await using var second = new RuntimeHarness(o => o.Validation.MinLength = 1000);
        CallPolicy policy = Policies.All(retry => retry.MaxRetries = 0);
        var inFirst = new Assistant<string>(first.Runtime, policy, new ScriptedModel<string>().Answers(Good));
        var inSecond = new Assistant<string>(second.Runtime, policy, new ScriptedModel<string>().Answers(Good));

        await inFirst.AskAsync();
        await Assert.ThrowsAsync<RetriesExhaustedException>(() => inSecond.AskAsync());
        await inFirst.AskAsync();

        Assert.Equal(2, await first.UsedAsync());
        Assert.Equal(0, await second.UsedAsync());
    }

    private static Task<string> ThrowFromHere(Exception exception) => throw exception;
}
