using Reliable.Infrastructure;

namespace Reliable.Calls;

/// <summary>A streamed call as its reader sees it, where nothing goes wrong, and where what goes wrong is never seen.</summary>
public sealed partial class StreamTests
{
    private static readonly string[] s_good = ["A good", " and ", "complete", " answer."];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StreamAsync_WhenAnswerIsGood_PassesItOnAndCharges(bool isLater)
    {
        await using var harness = new RuntimeHarness();
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock) { IsLater = isLater }.Then(s_good));

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.Null(reading.Exception);
        Assert.Equal(s_good, reading.Updates);
        await stream.AssertSettledAsync(used: 1);
        Assert.Equal(1, harness.Meters.Sum("reliable.requests", "outcome", "success"));
    }

    [Fact]
    public async Task StreamAsync_WhenNothingIsRead_BeginsNothing()
    {
        await using var harness = new RuntimeHarness();
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then(s_good));

        IAsyncEnumerable<string> answer = stream.Ask();
        IAsyncEnumerator<string> reader = answer.GetAsyncEnumerator();
        await reader.DisposeAsync();
        await reader.DisposeAsync();

        Assert.False(await reader.MoveNextAsync());
        await stream.AssertSettledAsync(used: 0, calls: 0);
        Assert.Empty(stream.Model.Seen);
    }

    [Fact]
    public async Task StreamAsync_WhenEnumeratedTwice_IsTwoCalls()
    {
        await using var harness = new RuntimeHarness();
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then(s_good));

        IAsyncEnumerable<string> answer = stream.Ask();
        StreamReading<string> first = await StreamReading<string>.OfAsync(answer, harness.Clock);
        StreamReading<string> second = await StreamReading<string>.OfAsync(answer, harness.Clock);

        Assert.Equal(first.Text, second.Text);
        await stream.AssertSettledAsync(used: 2, calls: 2);
    }

    [Fact]
    public async Task MoveNextAsync_WhenProofArrives_ShowsTheFirstUpdateAtOnceAndReadsNothingAhead()
    {
        await using var harness = new RuntimeHarness();
        TimeSpan second = TimeSpan.FromSeconds(1);
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then(second, "A good", second, " and", second, " complete", second, " answer."));
        await using IAsyncEnumerator<string> reader = stream.Ask().GetAsyncEnumerator();

        Assert.True(await harness.Clock.DriveAsync(reader.MoveNextAsync().AsTask()));
        Assert.Equal((second * 2, 2), (harness.Clock.Elapsed, stream.Model.Produced));
        Assert.Equal("A good", reader.Current);
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal((" and", 2), (reader.Current, stream.Model.Produced));
        Assert.True(await harness.Clock.DriveAsync(reader.MoveNextAsync().AsTask()));
        Assert.Equal((second * 3, 3), (harness.Clock.Elapsed, stream.Model.Produced));
    }

    public static TheoryData<string, object[]> BadStarts() => new()
    {
        { "No first update for 00:01:00", [StreamScript<string>.Silence] },
        { "No first update for 00:01:00", [StreamScript<string>.Deafness] },
        { "No update for 00:00:30", ["Short", StreamScript<string>.Silence] },
        { "No update for 00:00:30", ["Short", StreamScript<string>.Deafness] },
        { "Connection failed", ["Short", new IOException("cut", new System.Net.Sockets.SocketException())] },
        { "HTTP 503", [new HttpRequestException("no", null, System.Net.HttpStatusCode.ServiceUnavailable)] },
        { "Empty response", [] },
        { "Whitespace-only content", [" ", "\n", "\u200B", " "] },
        { "Insufficient text (9 chars)", [" 12345", "6789 ", "\uFEFF"] },
    };

    [Theory]
    [MemberData(nameof(BadStarts))]
    public async Task StreamAsync_WhenFirstAttemptIsBad_ShowsTheSecondAlone(string reason, object[] start)
    {
        foreach (bool isLater in new[] { false, true })
        {
            // A hold that ends by itself would show what is there: here it may last.
            await using var harness = new RuntimeHarness(static o => o.Streaming.MaxHold = TimeSpan.FromMinutes(10));
            var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock) { IsLater = isLater }.Then(start).Then(s_good));

            StreamReading<string> reading = await stream.ReadAsync();

            Assert.Null(reading.Exception);
            Assert.Equal(s_good, reading.Updates);
            Assert.Equal(reason, stream.Model.Seen[1].Previous!.Message);
            Assert.Equal([new RetryStatus(2, 4, TimeSpan.FromSeconds(1), reason)], stream.Progress.Reports);
            Assert.Equal([$"[Retry] Attempt 2/4 for chat-1 (reason: {reason})"], harness.Log.Of("[Retry] Attempt"));
            Assert.Single(harness.Log.Of("[Retry] Complete: chatId=chat-1, success=True, attempts=2"));
            if (start is [.., var last] && ReferenceEquals(last, StreamScript<string>.Deafness))
            {
                // Whoever does not listen is left alone, and closed when it wakes up.
                Assert.Equal((2, 1), (stream.Model.Opened, stream.Model.Disposed));
                stream.Model.Awakening.SetResult();
                await Eventually.IsTrue(() => stream.Model.Disposed == 2, "the deaf attempt is disposed");
            }

            await stream.AssertSettledAsync(used: 1);
        }
    }

    [Fact]
    public async Task StreamAsync_WhenModelIsSilent_WaitsAsLongAsItMayAndNoLonger()
    {
        await using var harness = new RuntimeHarness(static o => o.Streaming.MaxHold = TimeSpan.FromMinutes(10));
        var stream = new StreamHarness<string>(
            harness, new StreamScript<string>(harness.Clock).Then(TimeSpan.FromSeconds(59), "Short", TimeSpan.FromSeconds(29), ".", StreamScript<string>.Silence).Then(s_good));

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.Equal(s_good, reading.Updates);
        Assert.Equal(TimeSpan.FromSeconds(59 + 29 + 30 + 1), reading.Times[0]);
    }

    [Fact]
    public async Task StreamAsync_WhenEveryAttemptIsBad_SaysSoAndChargesNothing()
    {
        await using var harness = new RuntimeHarness();
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then("No"));

        StreamReading<string> reading = await stream.ReadAsync();

        var exhausted = Assert.IsType<RetriesExhaustedException>(reading.Exception);
        Assert.Equal(4, exhausted.Attempts.Count);
        Assert.All(exhausted.Attempts, static attempt => Assert.Equal(RejectionReason.InsufficientText, attempt.Reason));
        Assert.Empty(reading.Updates);
        Assert.Equal(TimeSpan.FromSeconds(7), harness.Clock.Elapsed);
        await stream.AssertSettledAsync(used: 0);
        Assert.Equal(1, harness.Meters.Sum("reliable.requests", "outcome", "exhausted"));
    }

    [Fact]
    public async Task StreamAsync_WhenEveryAttemptIsBadAndFallbackIsGood_ShowsTheFallback()
    {
        await using var harness = new RuntimeHarness();
        var fallback = new StreamScript<string>(harness.Clock).Then(s_good);
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then("No"), fallback: fallback);

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.Equal(s_good, reading.Updates);
        Assert.True(Assert.Single(fallback.Seen).IsFallback);
        await stream.AssertSettledAsync(used: 1);
        Assert.Equal(1, harness.Meters.Sum("reliable.requests", "outcome", "fallback"));
        Assert.Single(harness.Log.Of("[Retry] Complete: chatId=chat-1, success=True, attempts=5, duration=7000ms, fallback=True"));
    }

    [Fact]
    public async Task StreamAsync_WhenFailureIsNotCurable_PassesItOnAsItIs()
    {
        await using var harness = new RuntimeHarness();
        var failure = new NonRetryableException("no");
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then("Short", failure));

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.Same(failure, reading.Exception);
        Assert.Empty(reading.Updates);
        await stream.AssertSettledAsync(used: 0);
        Assert.Equal(1, harness.Meters.Sum("reliable.requests", "outcome", "error"));
    }

    [Fact]
    public async Task StreamAsync_WhenServerAsksToWait_Waits()
    {
        await using var harness = new RuntimeHarness();
        var stream = new StreamHarness<string>(
            harness, new StreamScript<string>(harness.Clock).Then("Short", new RetryableException("busy", TimeSpan.FromSeconds(12))).Then(s_good));

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.Equal(TimeSpan.FromSeconds(12), reading.Times[0]);
    }

    [Fact]
    public async Task StreamAsync_WhenAttemptTakesTooLong_IsTriedAgain()
    {
        await using var harness = new RuntimeHarness();
        CallPolicy policy = Policies.All(static retry => retry.AttemptTimeoutMs = 3_000);
        var slow = new StreamScript<string>(harness.Clock).Then("1", TimeSpan.FromSeconds(2), "2", TimeSpan.FromSeconds(2), "345678901").Then(s_good);
        var stream = new StreamHarness<string>(harness, slow, policy);

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.Equal(s_good, reading.Updates);
        Assert.Equal(TimeSpan.FromSeconds(4), reading.Times[0]);
        Assert.Equal(AttemptFailureKind.Timeout, slow.Seen[1].Previous!.Kind);
        await stream.AssertSettledAsync(used: 1);
    }

    [Fact]
    public async Task StreamAsync_WhenAnswerIsShown_MayTakeLongerThanAttemptAndTotal()
    {
        await using var harness = new RuntimeHarness();
        CallPolicy policy = Policies.All(static retry => (retry.AttemptTimeoutMs, retry.TotalTimeoutMs) = (3_000, 5_000));
        object[] steps = [.. s_good.SelectMany(static update => new object[] { update, TimeSpan.FromSeconds(2) }), .. s_good.SelectMany(static update => new object[] { update, TimeSpan.FromSeconds(2) })];
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then(steps), policy);

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.Null(reading.Exception);
        Assert.Equal(8, reading.Updates.Count);
        Assert.Equal(TimeSpan.FromSeconds(16), harness.Clock.Elapsed);
        await stream.AssertSettledAsync(used: 1);
    }

    [Fact]
    public async Task StreamAsync_WhenTotalTimeIsOver_GivesUp()
    {
        await using var harness = new RuntimeHarness();
        CallPolicy policy = Policies.All(static retry => retry.TotalTimeoutMs = 5_000);
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then("No"), policy);

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.IsType<RetriesExhaustedException>(reading.Exception);
        Assert.Equal(TimeSpan.FromSeconds(5), harness.Clock.Elapsed);
        await stream.AssertSettledAsync(used: 0);
    }

    [Fact]
    public async Task StreamAsync_WhenLimitIsReached_DoesNotCallTheModel()
    {
        await using var harness = new RuntimeHarness(static o => o.Usage.DefaultLimit = 1);
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then(s_good));
        await stream.ReadAsync();

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.IsType<UsageLimitExceededException>(reading.Exception);
        Assert.Single(stream.Model.Seen);
        Assert.Equal(1, harness.Meters.Sum("reliable.requests", "outcome", "denied"));
    }

    [Fact]
    public async Task StreamAsync_WhenAnswerIsNotJudged_ShowsEachUpdateAtOnce()
    {
        await using var harness = new RuntimeHarness();
        CallPolicy policy = CallPolicy.Create(Policies.Operation, Policies.Retry, null, Policies.Usage);
        var stream = new StreamHarness<string>(
            harness, new StreamScript<string>(harness.Clock).Then(new TimeoutException()).Then("a", TimeSpan.FromSeconds(3), "b"), policy);

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.Equal("ab", reading.Text);
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4)], reading.Times);
        await stream.AssertSettledAsync(used: 1);
    }

    [Fact]
    public async Task MoveNextAsync_WhenOneIsUnderWay_Throws()
    {
        await using var harness = new RuntimeHarness();
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then(TimeSpan.FromSeconds(1), "A good and complete answer."));
        IAsyncEnumerator<string> reader = stream.Ask().GetAsyncEnumerator();
        Task<bool> first = reader.MoveNextAsync().AsTask();

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.MoveNextAsync());

        Assert.True(await harness.Clock.DriveAsync(first));
        await reader.DisposeAsync();
        await stream.AssertSettledAsync(used: 1);
    }
}
