using System.ClientModel;
using System.Globalization;
using Reliable.Infrastructure;

namespace Reliable.Calls;

public sealed partial class CallRunnerTests
{
    [Fact]
    public async Task Delay_WhenThereAreFewerDelaysThanRetries_RepeatsTheLast()
    {
        var progress = new RecordedProgress();
        await RunAsync(Policies.All(r => (r.MaxRetries, r.BackoffMs) = (4, [100, 300])), progress, new ScriptedModel<string>().Answers(""));

        Assert.Equal([100, 300, 300, 300], progress.Reports.Select(report => report.Wait.TotalMilliseconds));
    }

    [Fact]
    public async Task Delay_WhenBackoffIsZero_RetriesAtOnce()
    {
        var progress = new RecordedProgress();
        TimeSpan elapsed = await RunAsync(Policies.All(r => r.BackoffMs = [0]), progress, new ScriptedModel<string>().Answers(""));

        Assert.Equal(TimeSpan.Zero, elapsed);
        Assert.Equal(3, progress.Reports.Count);
    }

    [Theory]
    [InlineData("5", 5_000)] // longer than the backoff
    [InlineData("0", 1_000)] // shorter
    [InlineData("31", 30_000)] // longer than MaxDelay
    [InlineData("100000", 30_000)]
    [InlineData("1.5", 1_500)]
    [InlineData("-3", 1_000)]
    [InlineData("soon", 1_000)]
    [InlineData("", 1_000)]
    [InlineData("Tue, 10 Mar 2026 12:00:07 GMT", 7_000)] // a date seven seconds from now
    [InlineData("Tue, 10 Mar 2026 11:59:00 GMT", 1_000)] // a date that has passed
    public async Task Delay_WhenTheServerAsksForOne_IsTheLongerUpToMaxDelay(string header, int expectedMs)
    {
        var failure = new ClientResultException(new FakePipelineResponse(429, ("Retry-After", header)));

        TimeSpan elapsed = await RunAsync(Policies.All(), null, new ScriptedModel<string>().Fails(failure).Answers(Good));

        Assert.Equal(expectedMs, elapsed.TotalMilliseconds);
    }

    [Theory]
    [InlineData("2500", 2_500)]
    [InlineData("x", 4_000)]
    [InlineData("NaN", 4_000)]
    public async Task Delay_WhenTheServerGivesMilliseconds_PrefersThemToSeconds(string header, int expectedMs)
    {
        var failure = new ClientResultException(new FakePipelineResponse(503, ("retry-after-ms", header), ("Retry-After", "4")));

        TimeSpan elapsed = await RunAsync(Policies.All(), null, new ScriptedModel<string>().Fails(failure).Answers(Good));

        Assert.Equal(expectedMs, elapsed.TotalMilliseconds);
    }

    [Theory]
    [InlineData(9, 9)]
    [InlineData(45, 30)]
    public async Task Delay_WhenTheModelCallNamesOne_IsTakenUpToMaxDelay(int asked, int expected)
    {
        var failure = new RetryableException("busy", TimeSpan.FromSeconds(asked));

        TimeSpan elapsed = await RunAsync(Policies.All(), null, new ScriptedModel<string>().Throws(failure).Answers(Good));

        Assert.Equal(expected, elapsed.TotalSeconds);
    }

    [Fact]
    public async Task Delay_WhenBackoffIsLongerThanMaxDelay_IsNotShortened()
    {
        var failure = new RetryableException("busy", TimeSpan.FromSeconds(50));

        TimeSpan elapsed = await RunAsync(Policies.All(r => r.BackoffMs = [40_000]), null, new ScriptedModel<string>().Throws(failure).Answers(Good));

        Assert.Equal(40, elapsed.TotalSeconds);
    }

    [Theory]
    [InlineData(0.0, 750)]
    [InlineData(0.5, 1_000)]
    [InlineData(1.0, 1_250)]
    public async Task Delay_WhenJitterIsOn_VariesByAQuarterAtMost(double random, int expectedMs)
    {
        await using var harness = new RuntimeHarness(random: () => random);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(r => r.Jitter = true), new ScriptedModel<string>().Answers("", Good));

        await assistant.AskAsync();

        Assert.Equal(expectedMs, harness.Clock.Elapsed.TotalMilliseconds);
    }

    [Fact]
    public async Task Delay_WhenJitterIsOff_IsExact()
    {
        await using var harness = new RuntimeHarness(random: () => throw new InvalidOperationException("Nobody asked for a random number."));
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers("", Good));

        await assistant.AskAsync();

        Assert.Equal(1, harness.Clock.Elapsed.TotalSeconds);
    }

    [Fact]
    public async Task Progress_WhileRetrying_IsToldBeforeEachWait()
    {
        await using var harness = new RuntimeHarness();
        var progress = new RecordedProgress();
        var model = new ScriptedModel<string>().Answers("").Throws(new HttpRequestException("x", null, System.Net.HttpStatusCode.TooManyRequests)).Answers("abc");
        var simple = new ScriptedModel<string>().Answers(Good);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(r => r.MaxRetries = 2), model, simple) { Progress = progress };

        Task<string> call = assistant.StartAsync();
        Assert.Equal([new RetryStatus(2, 3, TimeSpan.FromSeconds(1), "Empty response")], progress.Reports);
        await harness.Clock.DriveAsync(call);

        Assert.Equal(
            [
                new RetryStatus(2, 3, TimeSpan.FromSeconds(1), "Empty response"),
                new RetryStatus(3, 3, TimeSpan.FromSeconds(2), "HTTP 429"),
                new RetryStatus(4, 3, TimeSpan.Zero, "Insufficient text (3 chars)", IsFallback: true),
            ],
            progress.Reports);
    }

    [Fact]
    public async Task Progress_WhenItThrows_RollsBackAndPassesTheException()
    {
        await using var harness = new RuntimeHarness();
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers("")) { Progress = new ThrowingProgress() };

        await Assert.ThrowsAsync<FormatException>(() => assistant.AskAsync());

        Assert.Equal(0, (await harness.UsageAsync()).Reserved);
        Assert.Equal(0, harness.Runtime.Statistics.ActiveTransactions);
    }

    [Fact]
    public async Task Context_OfEachAttempt_SaysWhatHappenedBefore()
    {
        await using var harness = new RuntimeHarness();
        var failure = new TimeoutException();
        var model = new ScriptedModel<string>().Answers("abc").Throws(failure).Answers(Good);
        await new Assistant<string>(harness.Runtime, Policies.All(), model).AskAsync();

        Assert.Equal([1, 2, 3], model.Seen.Select(attempt => attempt.Number));
        Assert.All(model.Seen, attempt => Assert.Equal(4, attempt.MaxAttempts));
        Assert.All(model.Seen, attempt => Assert.False(attempt.IsFallback));
        Assert.Null(model.Seen[0].Previous);
        Assert.Equal("", model.Seen[0].Guidance);
        Assert.Equal(RejectionReason.InsufficientText, model.Seen[1].Previous?.Reason);
        Assert.Equal(1, model.Seen[1].Previous?.Number);
        Assert.Contains("too short", model.Seen[1].Guidance, StringComparison.Ordinal);
        Assert.Same(failure, model.Seen[2].Previous?.Exception);
        Assert.Equal(AttemptFailureKind.Timeout, model.Seen[2].Previous?.Kind);
        Assert.Contains("technical reasons", model.Seen[2].Guidance, StringComparison.Ordinal);
        string id = Assert.Single(model.Seen.Select(attempt => attempt.TransactionId).Distinct())!;
        Assert.Matches("^txn-[0-9a-f]{32}$", id);
        Assert.Contains($"[Transaction] Committed: {id} (user: u1, newUsage: 1/unlimited)", harness.Log.Texts);
    }

    [Fact]
    public async Task Context_WhenNothingIsCounted_HasNoTransaction()
    {
        await using var harness = new RuntimeHarness();
        var model = new ScriptedModel<string>().Answers(Good);
        await new Assistant<string>(harness.Runtime, CallPolicy.Create(Policies.Operation, Policies.Retry, Policies.Validate), model).AskAsync();

        Assert.Null(model.Seen[0].TransactionId);
    }

    [Fact]
    public async Task Context_WhenTheMethodIsNotRetried_AllowsOneAttempt()
    {
        await using var harness = new RuntimeHarness();
        var model = new ScriptedModel<string>().Answers(Good);
        await new Assistant<string>(harness.Runtime, CallPolicy.Create(Policies.Operation, usage: Policies.Usage), model).AskAsync();

        Assert.Equal(1, model.Seen[0].MaxAttempts);
    }

    private static async Task<TimeSpan> RunAsync(CallPolicy policy, RecordedProgress? progress, ScriptedModel<string> model)
    {
        await using var harness = new RuntimeHarness();
        await Record.ExceptionAsync(() => new Assistant<string>(harness.Runtime, policy, model) { Progress = progress }.AskAsync());
        return harness.Clock.Elapsed;
    }

    private sealed class ThrowingProgress : IProgress<RetryStatus>
    {
        public void Report(RetryStatus value) => throw new FormatException(value.Attempt.ToString(CultureInfo.InvariantCulture));
    }
}
