using Reliable.Infrastructure;

namespace Reliable.Calls;

public sealed partial class StreamTests
{
    // Of "A good| and |complete| answer.", the first two prove it (10 characters), and are held until then.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    public async Task DisposeAsync_WhenReaderHasSoMany_ChargesIfTheyAreValid(int updates, long used)
    {
        foreach (bool isLater in new[] { false, true })
        {
            await using var harness = new RuntimeHarness();
            var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock) { IsLater = isLater }.Then("A good", " and", " complete", " answer."));

            StreamReading<string> reading = await stream.ReadAsync(updates);

            Assert.Null(reading.Exception);
            Assert.Equal(updates, reading.Updates.Count);
            await stream.AssertSettledAsync(used, calls: updates == 0 ? 0 : 1);
        }
    }

    [Theory]
    [InlineData(0, false, 0)]
    [InlineData(0, true, 0)]
    [InlineData(1, false, 1)]
    [InlineData(1, true, 1)]
    public async Task DisposeAsync_WhenMoveIsUnderWay_EndsItAndSettlesOnce(int updates, bool isDeaf, long used)
    {
        await using var harness = new RuntimeHarness();
        object silence = isDeaf ? StreamScript<string>.Deafness : StreamScript<string>.Silence;
        object[] steps = updates == 0 ? ["Short", silence] : ["A good and complete answer.", silence];
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then(steps));
        IAsyncEnumerator<string> reader = stream.Ask().GetAsyncEnumerator();
        for (int i = 0; i < updates; i++)
            Assert.True(await reader.MoveNextAsync());

        Task<bool> move = reader.MoveNextAsync().AsTask();
        Task first = reader.DisposeAsync().AsTask();
        Task second = reader.DisposeAsync().AsTask();
        await harness.Clock.DriveAsync(Task.WhenAll(first, second));

        Assert.False(await Eventually.Ends(move));
        Assert.False(await reader.MoveNextAsync());
        Assert.Equal(isDeaf ? TimeSpan.FromSeconds(1) : TimeSpan.Zero, harness.Clock.Elapsed);
        stream.Model.Awakening.SetResult();
        await Eventually.IsTrue(() => stream.Model.Disposed == 1, "the model's stream is disposed");
        await stream.AssertSettledAsync(used);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DisposeAsync_WhenRetryIsWaitedFor_EndsTheWait(bool hasNotices)
    {
        await using var harness = new RuntimeHarness(o => o.Streaming.PassDuringHold = hasNotices ? PassedUpdates.All : PassedUpdates.None);
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then("Short"));
        IAsyncEnumerator<string> reader = stream.Ask().GetAsyncEnumerator();

        Task<bool> move = reader.MoveNextAsync().AsTask();
        await Eventually.IsTrue(() => stream.Progress.Reports.Count == 1, "the first attempt has failed");
        await harness.Clock.DriveAsync(reader.DisposeAsync().AsTask());

        Assert.False(await Eventually.Ends(move));
        await stream.AssertSettledAsync(used: 0);
        Assert.Single(stream.Model.Seen);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task MoveNextAsync_WhenCancelledWhileHeld_ThrowsAndRollsBack(bool isMethods, bool isDeaf)
    {
        await using var harness = new RuntimeHarness();
        var stream = new StreamHarness<string>(
            harness, new StreamScript<string>(harness.Clock).Then("Short", isDeaf ? StreamScript<string>.Deafness : StreamScript<string>.Silence));
        using var methods = new CancellationTokenSource();
        using var enumerations = new CancellationTokenSource();
        await using IAsyncEnumerator<string> reader = stream.Ask(cancellationToken: methods.Token).GetAsyncEnumerator(enumerations.Token);

        Task<bool> move = reader.MoveNextAsync().AsTask();
        await (isMethods ? methods : enumerations).CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => harness.Clock.DriveAsync(move));
        stream.Model.Awakening.SetResult();
        await Eventually.IsTrue(() => stream.Model.Disposed == 1, "the model's stream is disposed");
        await stream.AssertSettledAsync(used: 0);
        Assert.Equal(1, harness.Meters.Sum("reliable.requests", "outcome", "cancelled"));
        Assert.Equal(1, harness.Meters.Sum("reliable.transactions.rollbacks", "reason", RollbackReasons.Cancelled));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MoveNextAsync_WhenCancelledAfterAValidStart_ThrowsAndCharges(bool isWaiting)
    {
        await using var harness = new RuntimeHarness();
        var stream = new StreamHarness<string>(
            harness, new StreamScript<string>(harness.Clock).Then("A good and complete answer.", isWaiting ? StreamScript<string>.Silence : " And more."));
        using var source = new CancellationTokenSource();
        await using IAsyncEnumerator<string> reader = stream.Ask(cancellationToken: source.Token).GetAsyncEnumerator(CancellationToken.None);
        Assert.True(await reader.MoveNextAsync());
        Task<bool>? move = isWaiting ? reader.MoveNextAsync().AsTask() : null;

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => move ?? reader.MoveNextAsync().AsTask());
        Assert.False(await reader.MoveNextAsync());
        await stream.AssertSettledAsync(used: 1);
        Assert.Equal(1, harness.Meters.Sum("reliable.requests", "outcome", "success"));
        Assert.Single(harness.Log.Of("[Stream] Left early: chat-1 (charged: True, 1 updates shown)"));
    }

    [Fact]
    public async Task MoveNextAsync_WhenCancelledBeforeItBegins_DoesNotCallTheModel()
    {
        await using var harness = new RuntimeHarness();
        var stream = new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then(s_good));

        StreamReading<string> reading = await stream.ReadAsync(new CancellationToken(canceled: true));

        Assert.IsAssignableFrom<OperationCanceledException>(reading.Exception);
        Assert.Empty(stream.Model.Seen);
        Assert.Equal(0, harness.Runtime.Statistics.ActiveTransactions);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task DisposeAsync_WhenModelsStreamCannotBeClosed_IsNotTheReadersConcern(int updates)
    {
        await using var harness = new RuntimeHarness();
        var model = new StreamScript<string>(harness.Clock) { DisposeFailure = new InvalidOperationException("closed already") }.Then("A good", " and", " complete", " answer.");
        var stream = new StreamHarness<string>(harness, model);

        StreamReading<string> reading = await stream.ReadAsync(updates);

        // A stream that fails when it comes to its end has not come to its end.
        Assert.Equal(updates == 5, reading.Exception is InvalidOperationException);
        Assert.Equal(updates == 5 ? 0 : 1, harness.Log.Of("[Stream] The model's stream could not be closed: chat-1 (InvalidOperationException)").Count());
        await stream.AssertSettledAsync(used: updates == 2 ? 1 : 0);
    }

    // Of "one" and "two", which prove it together, the second comes in the moment in which its reader leaves: it counts, and so it is given.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DisposeAsync_WhenUpdateIsBeingJudged_GivesItAndCharges(bool isWaitedFor)
    {
        await using var harness = new RuntimeHarness(static o => o.Streaming.MaxHold = TimeSpan.Zero);
        Task? leaving = null;
        IAsyncEnumerator<int> reader = null!;
        var validator = new LeavingValidator(() => leaving = reader.DisposeAsync().AsTask());
        var model = new ArrivingStream<int>(4) { HasNext = !isWaitedFor };
        reader = CallRunner.StreamAsync(harness.Runtime, JudgedBy(validator), model, static (model, _, _) => model, userId: "u1").GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync());

        Task<bool> move = reader.MoveNextAsync().AsTask();
        if (isWaitedFor)
            model.Arrive(6);

        Assert.True(await Eventually.Ends(move));
        Assert.Equal(isWaitedFor ? 6 : 4, reader.Current);
        await Eventually.Ends(leaving!);
        Assert.Equal(1, await harness.UsedAsync());
        Assert.Equal(1, model.Disposed);
    }

    private sealed class LeavingValidator(Action leave) : IStreamValidator<int>, IStreamJudge<int>
    {
        private int _seen;

        public IStreamJudge<int> Begin() => this;

        public StreamVerdict Add(int update)
        {
            if (++_seen == 2)
                leave();

            return _seen == 2 ? StreamVerdict.Valid : StreamVerdict.Undecided;
        }

        public ValidationResult Complete() => _seen == 2 ? ValidationResult.Valid : ValidationResult.Reject("Too few");
    }
}
