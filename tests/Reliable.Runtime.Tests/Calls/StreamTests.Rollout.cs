using Reliable.Infrastructure;

namespace Reliable.Calls;

public sealed partial class StreamTests
{
    [Theory]
    [InlineData(RolloutMode.Off)]
    [InlineData(RolloutMode.Observe)]
    public async Task StreamAsync_WhenNotOn_ChargesAtOnceAndHoldsNothing(RolloutMode mode)
    {
        await using var harness = new RuntimeHarness(o => o.Rollout.Mode = mode);
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then(TimeSpan.FromSeconds(1), "N", TimeSpan.FromSeconds(1), "o"));
        IAsyncEnumerator<string> reader = stream.Ask().GetAsyncEnumerator();
        Assert.Equal(0, await harness.UsedAsync());

        Task<bool> move = reader.MoveNextAsync().AsTask();
        Assert.Equal(1, await harness.UsedAsync());
        Assert.True(await harness.Clock.DriveAsync(move));
        Assert.Equal(("N", TimeSpan.FromSeconds(1)), (reader.Current, harness.Clock.Elapsed));
        Assert.True(await harness.Clock.DriveAsync(reader.MoveNextAsync().AsTask()));
        Assert.False(await reader.MoveNextAsync());
        await reader.DisposeAsync();

        Assert.Equal(1, await harness.UsedAsync());
        Assert.Equal((1, 1), (stream.Model.Opened, stream.Model.Disposed));
        string[] observed = mode == RolloutMode.Observe
            ? ["[Observe] Assistant.AskAsync for chat-1 would be retried, and not charged for this attempt: Insufficient text (2 chars)"]
            : [];
        Assert.Equal(observed, harness.Log.Of("[Observe]"));
    }

    public static TheoryData<string, object[]> Observations() => new()
    {
        { "be retried, and not charged for this attempt: Timeout", ["N", new TimeoutException()] },
        { "fail as it did, and not be charged", [Shown, new TimeoutException()] },
        { "fail as it did, and not be charged", ["N", new NonRetryableException()] },
    };

    [Theory]
    [MemberData(nameof(Observations))]
    public async Task StreamAsync_WhenObservedStreamFails_ThrowsAndSaysWhatWouldHaveBeen(string would, object[] steps)
    {
        await using var harness = new RuntimeHarness(static o => o.Rollout.Mode = RolloutMode.Observe);
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then(steps));

        StreamReading<string> reading = await stream.ReadAsync();

        Assert.Same(steps[^1], reading.Exception);
        Assert.Equal([$"[Observe] Assistant.AskAsync for chat-1 would {would}"], harness.Log.Of("[Observe]"));
        Assert.Equal(1, harness.Meters.Sum("reliable.requests", "outcome", "error"));
    }

    [Fact]
    public async Task StreamAsync_WhenObservedReaderLeaves_SaysWhatWouldHaveBeen()
    {
        await using var harness = new RuntimeHarness(static o => o.Rollout.Mode = RolloutMode.Observe);
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then("N", "o"));

        await stream.ReadAsync(1);

        Assert.Equal(
            ["[Observe] Assistant.AskAsync for chat-1 would not be charged: its reader left before a valid answer"], harness.Log.Of("[Observe]"));
        Assert.Equal((1, 1), (stream.Model.Opened, stream.Model.Disposed));
    }

    [Fact]
    public async Task StreamAsync_WhenObservingValidatorThrows_ChangesNothing()
    {
        await using var harness = new RuntimeHarness(static o => o.Rollout.Mode = RolloutMode.Observe);
        var stream = new StreamHarness<int>(harness, new StreamScript<int>(harness.Clock).Then(10, SumValidator.Unbearable, 1), JudgedBy(new SumValidator()));

        StreamReading<int> reading = await stream.ReadAsync();

        Assert.Equal((3, null), (reading.Updates.Count, reading.Exception));
        Assert.Equal(["[Observe] Assistant.AskAsync for chat-1 would fail with NotSupportedException of its validator, and not be charged"], harness.Log.Of("[Observe]"));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task StreamAsync_WhenOff_HeedsBothTokens(bool isMethods, bool isUsed)
    {
        await using var harness = new RuntimeHarness(static o => o.Rollout.Mode = RolloutMode.Off);
        CallPolicy policy = CallPolicy.Create(Policies.Operation, Policies.Retry, null, isUsed ? Policies.Usage : null);
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then("a", StreamScript<string>.Silence), policy);
        using var methods = new CancellationTokenSource();
        using var enumerations = new CancellationTokenSource();
        await using IAsyncEnumerator<string> reader = stream.Ask(cancellationToken: methods.Token).GetAsyncEnumerator(enumerations.Token);
        Assert.True(await reader.MoveNextAsync());
        Task<bool> move = reader.MoveNextAsync().AsTask();

        await (isMethods ? methods : enumerations).CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => move);
    }
}
