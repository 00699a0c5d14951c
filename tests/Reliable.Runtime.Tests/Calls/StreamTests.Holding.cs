using Microsoft.Extensions.AI;
using Reliable.Infrastructure;

namespace Reliable.Calls;

public sealed partial class StreamTests
{
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task StreamAsync_WhenHoldIsOverWhileModelIsSilent_ShowsWhatIsHeldAndGoesOnWaiting(bool isGoodInTheEnd, long used)
    {
        await using var harness = new RuntimeHarness();
        var stream = new StreamHarness<string>(
            harness, new StreamScript<string>(harness.Clock).Then(TimeSpan.FromSeconds(5), "One", "two", TimeSpan.FromSeconds(20), isGoodInTheEnd ? "and many more." : "3"));

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.Equal(["One", "two"], reading.Updates.Take(2));
        Assert.Equal([15, 15, 25], reading.Times.Select(static time => time.TotalSeconds));
        Assert.Equal(isGoodInTheEnd, reading.Exception is null);
        Assert.Equal(["[Stream] Released without proof: chat-1 (held 2 updates)"], harness.Log.Of("[Stream] Released"));
        Assert.Single(stream.Model.Seen);
        await stream.AssertSettledAsync(used);
    }

    [Fact]
    public async Task DisposeAsync_WhenHoldWasOverAndAMoveIsStillUnderWay_EndsIt()
    {
        await using var harness = new RuntimeHarness();
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then("One", StreamScript<string>.Silence));

        StreamReading<string> reading = await stream.ReadAsync(1);

        Assert.Null(reading.Exception);
        Assert.Equal(["One"], reading.Updates);
        await stream.AssertSettledAsync(used: 0);
    }

    [Fact]
    public async Task StreamAsync_WhenHoldIsOverWhileModelTalks_ShowsWhatIsHeld()
    {
        await using var harness = new RuntimeHarness();
        object[] steps = [.. Enumerable.Repeat(new object[] { " ", TimeSpan.FromSeconds(3) }, 6).SelectMany(static steps => steps), Shown];
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then(steps));

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.Equal([10, 10, 10, 10, 12, 15, 18], reading.Times.Select(static time => time.TotalSeconds));
        await stream.AssertSettledAsync(used: 1);
    }

    [Fact]
    public async Task StreamAsync_WhenTooManyUpdatesAreHeld_ShowsThem()
    {
        await using var harness = new RuntimeHarness(static o => o.Streaming.MaxHeldUpdates = 50);
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then([.. Enumerable.Repeat<object>(" ", 49), TimeSpan.FromSeconds(1), " ", TimeSpan.FromSeconds(1), Shown]));

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.Equal(51, reading.Updates.Count);
        Assert.All(reading.Times.Take(50), static time => Assert.Equal(TimeSpan.FromSeconds(1), time));
        await stream.AssertSettledAsync(used: 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StreamAsync_WhenHoldIsOverAndAttemptsAreGivenUp_TriesAgain(bool isTime)
    {
        await using var harness = new RuntimeHarness(static o => (o.Streaming.OnHoldExceeded, o.Streaming.MaxHeldUpdates) = (HoldExceededAction.GiveUp, 5));
        object[] first = isTime ? ["One", StreamScript<string>.Silence] : [.. Enumerable.Repeat<object>(" ", 9)];
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then(first).Then(s_good));

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.Equal(s_good, reading.Updates);
        Assert.Equal(isTime ? "No good answer for 00:00:10" : "No good answer in 5 updates", stream.Model.Seen[1].Previous!.Message);
        await stream.AssertSettledAsync(used: 1);
    }

    [Fact]
    public async Task StreamAsync_WhenNothingIsHeld_ShowsEachUpdateAtOnceAndJudgesAllTheSame()
    {
        await using var harness = new RuntimeHarness(static o => o.Streaming.MaxHold = TimeSpan.Zero);
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then("N", TimeSpan.FromSeconds(1), "o"));

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.Equal([0, 1], reading.Times.Select(static time => time.TotalSeconds));
        Assert.IsType<RetriesExhaustedException>(reading.Exception);
        await stream.AssertSettledAsync(used: 0);
    }

    [Theory]
    [InlineData(PassedUpdates.None, "")]
    [InlineData(PassedUpdates.Reasoning, "thinking")]
    [InlineData(PassedUpdates.Usage, "usage")]
    [InlineData(PassedUpdates.Empty, "empty")]
    [InlineData(PassedUpdates.All, "empty thinking usage")]
    public async Task StreamAsync_WhenUpdatesMayPass_PassesThemDuringTheHold(PassedUpdates passed, string expected)
    {
        await using var harness = new RuntimeHarness(o => (o.Streaming.PassDuringHold, o.Streaming.MaxHold) = (passed, TimeSpan.FromHours(2)));
        object[] start =
        [
            new ChatResponseUpdate(ChatRole.Assistant, []) { ConversationId = "empty" },
            new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("hm")]) { ConversationId = "thinking" },
            new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails())]) { ConversationId = "usage" },
        ];
        var model = new StreamScript<ChatResponseUpdate>(harness.Clock).Then([.. start, Text("No")]).Then([.. start, Text(Shown)]);
        var stream = new StreamHarness<ChatResponseUpdate>(harness, model);
        var first = new List<string?>();
        var later = new List<ChatResponseUpdate>();

        async Task ReadAsync()
        {
            await foreach (ChatResponseUpdate update in stream.Ask())
            {
                // What comes before its attempt has come to the text was not held.
                if (model.Produced < 4)
                    first.Add(update.ConversationId);
                else
                    later.Add(update);
            }
        }

        await harness.Clock.DriveAsync(ReadAsync());

        Assert.Equal(expected, string.Join(' ', first));
        Assert.Equal(Shown, string.Concat(later.Select(static update => update.Text)));
        Assert.Equal(4, later.Count);
        await stream.AssertSettledAsync(used: 1);
    }

    [Fact]
    public async Task StreamAsync_WhenUpdatesPass_ReadsNoneAhead()
    {
        await using var harness = new RuntimeHarness(static o => o.Streaming.PassDuringHold = PassedUpdates.All);
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then("", "", "", Shown));
        await using IAsyncEnumerator<string> reader = stream.Ask().GetAsyncEnumerator();

        for (int i = 1; i <= 4; i++)
        {
            Assert.True(await Eventually.Ends(reader.MoveNextAsync().AsTask()));
            Assert.Equal(i, stream.Model.Produced);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task DisposeAsync_WhenOnlyPassedUpdatesWereGiven_ChargesNothing(int updates)
    {
        await using var harness = new RuntimeHarness(static o => o.Streaming.PassDuringHold = PassedUpdates.All);
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then("", "", Shown));

        await stream.ReadAsync(updates);

        await stream.AssertSettledAsync(used: 0);
    }

    [Fact]
    public async Task StreamAsync_WhenStatusIsWanted_TellsOfRetriesWithinTheStream()
    {
        await using var harness = new RuntimeHarness(static o => (o.Streaming.StatusUpdates, o.Retry.MaxRetries) = (true, 1));
        var fallback = new StreamScript<ChatResponseUpdate>(harness.Clock).Then(Text(Shown));
        var stream = new StreamHarness<ChatResponseUpdate>(harness, new StreamScript<ChatResponseUpdate>(harness.Clock).Then(Text("No")), fallback: fallback);

        StreamReading<ChatResponseUpdate> reading = await stream.ReadAsync();

        Assert.Equal(3, reading.Updates.Count);
        Assert.Equal(new RetryStatus(2, 2, TimeSpan.FromSeconds(1), "Insufficient text (2 chars)"), reading.Updates[0].GetRetryStatus());
        Assert.True(reading.Updates[1].GetRetryStatus() is { IsFallback: true, IsRestart: false });
        Assert.Equal(Shown, reading.Updates[2].Text);
        Assert.Equal(reading.Updates.Take(2).Select(static update => update.GetRetryStatus()), stream.Progress.Reports);
        await stream.AssertSettledAsync(used: 1);
    }
}
