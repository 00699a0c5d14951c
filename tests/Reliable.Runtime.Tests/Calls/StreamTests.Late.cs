using Microsoft.Extensions.AI;
using Reliable.Infrastructure;

namespace Reliable.Calls;

public sealed partial class StreamTests
{
    private const string Shown = "A good and complete answer.";

    private static ChatResponseUpdate Text(string text) => new(ChatRole.Assistant, text);

    private static object[] UnexplainedTool() =>
    [
        Text(Shown),
        new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("1", "look")]),
        new ChatResponseUpdate(ChatRole.Tool, [new FunctionResultContent("1", "found")]),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StreamAsync_WhenModelFailsAfterRelease_ThrowsItAndRollsBack(bool isLater)
    {
        await using var harness = new RuntimeHarness();
        var failure = new HttpRequestException("secret text of the model");
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock) { IsLater = isLater }.Then(Shown, "more", failure));

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.Same(failure, reading.Exception);
        Assert.Equal([Shown, "more"], reading.Updates);
        Assert.Single(stream.Model.Seen);
        await stream.AssertSettledAsync(used: 0);
        Assert.Equal(1, harness.Meters.Sum("reliable.requests", "outcome", "late_failure"));
        Assert.Equal(1, harness.Meters.Sum("reliable.transactions.rollbacks", "reason", RollbackReasons.LateFailure));
        Assert.Equal(["[Stream] Late failure: chat-1 (Connection failed (Unknown), 2 updates shown)"], harness.Log.Of("[Stream]"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StreamAsync_WhenModelIsSilentAfterRelease_ThrowsTimeout(bool isDeaf)
    {
        await using var harness = new RuntimeHarness();
        var stream = new StreamHarness<string>(
            harness, new StreamScript<string>(harness.Clock).Then(Shown, TimeSpan.FromSeconds(29), "more", isDeaf ? StreamScript<string>.Deafness : StreamScript<string>.Silence));

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.Equal("No update for 00:00:30", Assert.IsAssignableFrom<TimeoutException>(reading.Exception).Message);
        Assert.Equal(TimeSpan.FromSeconds(59 + (isDeaf ? 1 : 0)), harness.Clock.Elapsed);
        stream.Model.Awakening.SetResult();
        await Eventually.IsTrue(() => stream.Model.Disposed == 1, "the model's stream is disposed");
        await stream.AssertSettledAsync(used: 0);
    }

    [Fact]
    public async Task StreamAsync_WhenAnswerEndsInvalidAfterRelease_ThrowsAndRollsBack()
    {
        await using var harness = new RuntimeHarness();
        var stream = new StreamHarness<ChatResponseUpdate>(harness, new StreamScript<ChatResponseUpdate>(harness.Clock).Then(UnexplainedTool()));

        StreamReading<ChatResponseUpdate> reading = await stream.ReadAsync();

        Assert.Equal(3, reading.Updates.Count);
        AttemptFailure attempt = Assert.Single(Assert.IsType<RetriesExhaustedException>(reading.Exception).Attempts);
        Assert.Equal(RejectionReason.ToolOutputWithoutText, attempt.Reason);
        await stream.AssertSettledAsync(used: 0);
        Assert.Equal(1, harness.Meters.Sum("reliable.requests", "outcome", "late_rejection"));
        Assert.Equal(1, harness.Meters.Sum("reliable.validation.failures", "reason", "ToolOutputWithoutText"));
        Assert.Single(harness.Log.Of("[Validation] Invalid response: Tool outputs without follow-up text (27 chars, 1 messages)"));
        Assert.Equal(["[Stream] Late failure: chat-1 (Tool outputs without follow-up text, 3 updates shown)"], harness.Log.Of("[Stream]"));
    }

    [Fact]
    public async Task StreamAsync_WhenToolOutputIsExplainedAfterRelease_Charges()
    {
        await using var harness = new RuntimeHarness();
        var stream = new StreamHarness<ChatResponseUpdate>(harness, new StreamScript<ChatResponseUpdate>(harness.Clock).Then([.. UnexplainedTool(), Text("It is there.")]));

        Assert.Null((await stream.ReadAsync()).Exception);

        await stream.AssertSettledAsync(used: 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StreamAsync_WhenLateFailuresRestart_SendsAMarkerAndTheNextAnswer(bool isFault)
    {
        await using var harness = new RuntimeHarness(static o => o.Streaming.OnLateFailure = LateFailureAction.Restart);
        object[] first = isFault ? [Text(Shown), new TimeoutException()] : UnexplainedTool();
        var model = new StreamScript<ChatResponseUpdate>(harness.Clock).Then(first).Then(Text("Another"), Text(" answer."));
        var stream = new StreamHarness<ChatResponseUpdate>(harness, model);

        StreamReading<ChatResponseUpdate> reading = await stream.ReadAsync();

        Assert.Null(reading.Exception);
        int shown = isFault ? 1 : 3;
        RetryStatus status = reading.Updates[shown].GetRetryStatus()!;
        Assert.Equal(
            new RetryStatus(2, 4, TimeSpan.FromSeconds(1), isFault ? "Timeout" : "Tool outputs without follow-up text") { IsRestart = true }, status);
        Assert.Equal([status], stream.Progress.Reports);
        Assert.Equal("Another answer.", string.Concat(reading.Updates.Skip(shown + 1).Select(static update => update.Text)));
        Assert.DoesNotContain(reading.Updates.Take(shown), static update => update.GetRetryStatus() is not null);
        await stream.AssertSettledAsync(used: 1);
        Assert.Single(harness.Log.Of("[Retry] Complete: chatId=chat-1, success=True, attempts=2"));
    }

    [Fact]
    public async Task StreamAsync_WhenTextRestarts_MarksIt()
    {
        await using var harness = new RuntimeHarness(static o => o.Streaming.OnLateFailure = LateFailureAction.Restart);
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then(Shown, new TimeoutException()).Then("Another answer."));

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.Equal([Shown, StreamMarkers.Restart, "Another answer."], reading.Updates);
        await stream.AssertSettledAsync(used: 1);
    }

    [Fact]
    public async Task StreamAsync_WhenEveryRestartFails_GivesUpAfterAllAttempts()
    {
        await using var harness = new RuntimeHarness(static o => o.Streaming.OnLateFailure = LateFailureAction.Restart);
        var last = new TimeoutException();
        var model = new StreamScript<string>(harness.Clock).Then(Shown, new TimeoutException()).Then("No").Then("No").Then(Shown, last);
        var stream = new StreamHarness<string>(harness, model);

        StreamReading<string> reading = await stream.ReadAsync();

        // Delays of 1, 2 and 4 seconds: a restart does not begin to count anew. The last failure has no attempt left, and is thrown as it is.
        Assert.Equal((4, TimeSpan.FromSeconds(7)), (model.Seen.Count, harness.Clock.Elapsed));
        Assert.Same(last, reading.Exception);
        Assert.Equal([Shown, StreamMarkers.Restart, Shown], reading.Updates);
        await stream.AssertSettledAsync(used: 0);
    }

    [Fact]
    public async Task StreamAsync_WhenRestartsAreUsedUp_FallsBack()
    {
        await using var harness = new RuntimeHarness(static o => (o.Streaming.OnLateFailure, o.Retry.MaxRetries) = (LateFailureAction.Restart, 0));
        var fallback = new StreamScript<string>(harness.Clock).Then("The last resort.");
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then(Shown, new TimeoutException()), fallback: fallback);

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.Equal([Shown, StreamMarkers.Restart, "The last resort."], reading.Updates);
        Assert.True(stream.Progress.Reports[0] is { IsFallback: true, IsRestart: true });
        await stream.AssertSettledAsync(used: 1);
    }

    [Fact]
    public async Task StreamAsync_WhenRestartTakesTooLongInAll_GivesUp()
    {
        await using var harness = new RuntimeHarness(static o => o.Streaming.OnLateFailure = LateFailureAction.Restart);
        CallPolicy policy = Policies.All(static retry => retry.TotalTimeoutMs = 10_000);
        var model = new StreamScript<string>(harness.Clock).Then(Shown, TimeSpan.FromSeconds(7), new TimeoutException()).Then(TimeSpan.FromSeconds(5), Shown);
        var stream = new StreamHarness<string>(harness, model, policy);

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.IsType<RetriesExhaustedException>(reading.Exception);
        Assert.Equal(TimeSpan.FromSeconds(10), harness.Clock.Elapsed);
        Assert.Equal([Shown, StreamMarkers.Restart], reading.Updates);
        await stream.AssertSettledAsync(used: 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Short")]
    [InlineData(Shown)]
    public async Task StreamAsync_WhenModelRefuses_PassesTheRefusalOnAndChargesNothing(string text)
    {
        await using var harness = new RuntimeHarness();
        var refusal = new ChatResponseUpdate(ChatRole.Assistant, []) { FinishReason = ChatFinishReason.ContentFilter };
        var stream = new StreamHarness<ChatResponseUpdate>(harness, new StreamScript<ChatResponseUpdate>(harness.Clock).Then(Text(text), refusal, Text("")));

        StreamReading<ChatResponseUpdate> reading = await stream.ReadAsync();

        Assert.Null(reading.Exception);
        Assert.Equal(3, reading.Updates.Count);
        Assert.Single(stream.Model.Seen);
        await stream.AssertSettledAsync(used: 0);
        Assert.Equal(1, harness.Meters.Sum("reliable.requests", "outcome", "refused"));
    }

    [Theory]
    [InlineData("Short", 4)]
    [InlineData(Shown, 1)]
    public async Task StreamAsync_WhenAnswerIsCutByLength_IsJudgedByItsText(string text, int attempts)
    {
        await using var harness = new RuntimeHarness();
        var end = new ChatResponseUpdate(ChatRole.Assistant, []) { FinishReason = ChatFinishReason.Length };
        var stream = new StreamHarness<ChatResponseUpdate>(harness, new StreamScript<ChatResponseUpdate>(harness.Clock).Then(Text(text), end));

        await stream.ReadAsync();

        Assert.Equal(attempts, stream.Model.Seen.Count);
        await stream.AssertSettledAsync(used: attempts == 1 ? 1 : 0);
    }

    [Fact]
    public async Task StreamAsync_WhenLimitWasReachedMeanwhile_EndsWithThatAndIsNotCharged()
    {
        await using var harness = new RuntimeHarness(static o => o.Usage.DefaultLimit = 1);
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then(Shown, TimeSpan.FromSeconds(1), "more"));
        Task<StreamReading<string>> reading = StreamReading<string>.OfAsync(stream.Ask(), harness.Clock);

        // As another process would: past the reservations of this one.
        await harness.Store.ChargeAsOtherProcessAsync("u1");

        var exception = Assert.IsType<UsageLimitExceededException>((await harness.Clock.DriveAsync(reading)).Exception);
        Assert.Equal(1, exception.Used);
        Assert.Equal([Shown, "more"], (await reading).Updates);
        Assert.Equal(1, await harness.UsedAsync());
        Assert.Equal(0, harness.Runtime.Statistics.ActiveTransactions);
        Assert.Equal(1, harness.Meters.Sum("reliable.requests", "outcome", "denied"));
    }

    [Fact]
    public async Task StreamAsync_WhenAnswerTakesLongerThanATransaction_ChargesAllTheSame()
    {
        await using var harness = new RuntimeHarness(static o => o.Transactions.CleanupInterval = TimeSpan.FromSeconds(1));
        object[] slow = [.. Enumerable.Repeat(new object[] { Shown, TimeSpan.FromSeconds(29) }, 12).SelectMany(static steps => steps)];
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then(slow));

        Assert.Null((await stream.ReadAsync()).Exception);

        Assert.True(harness.Clock.Elapsed > TimeSpan.FromMinutes(5));
        Assert.Equal(1, await harness.UsedAsync());
        Assert.Equal(0, harness.Runtime.Statistics.ActiveTransactions);
    }
}
