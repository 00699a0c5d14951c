using Reliable.Infrastructure;

namespace Reliable.Calls;

/// <summary>Annotated methods that call annotated methods, and rules of the application that were not written for rejected answers.</summary>
public sealed class NestedCallTests
{
    private const string Good = "A perfectly good answer.";

    [Fact]
    public async Task Fallback_WhenItThrowsRetriesExhaustedOfAnotherCall_RollsBackItsOwnTransaction()
    {
        await using var harness = new RuntimeHarness(options => options.Retry.MaxRetries = 0);
        var inner = new RetriesExhaustedException(
            "Other.AskAsync", [new AttemptFailure(1, false, AttemptFailureKind.InvalidResponse, TimeSpan.Zero, RejectionReason.EmptyResponse, "Empty response", null)]);
        var assistant = new Assistant<string>(
            harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers(""), new ScriptedModel<string>().Fails(inner));

        RetriesExhaustedException thrown = await Assert.ThrowsAsync<RetriesExhaustedException>(() => assistant.AskAsync());

        Assert.Same(inner, thrown);
        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
        Assert.Equal(0, harness.Runtime.Statistics.ActiveTransactions);
    }

    [Fact]
    public async Task ShouldRetry_WhenItKnowsOneExceptionOnly_LeavesRejectedAnswersToTheRules()
    {
        List<Exception> asked = [];
        await using var harness = new RuntimeHarness(options => options.Retry.ShouldRetry = exception =>
        {
            asked.Add(exception);
            return exception is KeyNotFoundException;
        });
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers("", "", Good));

        Assert.Equal(Good, await assistant.AskAsync());
        Assert.Empty(asked);
        Assert.Equal(1, await harness.UsedAsync());
    }
}
