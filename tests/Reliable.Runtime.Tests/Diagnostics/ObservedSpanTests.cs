using System.Collections.Concurrent;
using System.Diagnostics;
using Reliable.Calls;
using Reliable.Infrastructure;

namespace Reliable.Diagnostics;

/// <summary>A call that is only observed has one attempt, and its span says what the verdict on it was.</summary>
[Collection(RunsAlone.Name)]
public sealed class ObservedSpanTests : IDisposable
{
    private const string Good = "A good and complete answer.";

    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly AsyncLocal<bool> _isMine = new() { Value = true };
    private readonly ActivityListener _listener;

    public ObservedSpanTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == ReliableMetrics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => _isMine.Value ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData(Good, true, null)]
    [InlineData("", false, "EmptyResponse")]
    public async Task Run_WhenObserved_HasASpanWithTheVerdict(string answer, bool isValid, string? reason)
    {
        await using RuntimeHarness harness = Observing();
        Activity? during = null;
        var model = new ScriptedModel<string>().Does((_, _) =>
        {
            during = Activity.Current;
            return Task.FromResult(answer);
        });

        Assert.Equal(answer, await new Assistant<string>(harness.Runtime, Policies.All(), model) { ModelId = "gpt-x" }.AskAsync());

        Activity span = Assert.Single(_ended);
        Assert.Same(span, during);
        Assert.Equal("chat gpt-x", span.DisplayName);
        Assert.Equal("chat-1", span.GetTagItem("gen_ai.conversation.id"));
        AssertVerdict(span, isValid, reason);
    }

    [Fact]
    public async Task Run_WhenTheObservedModelThrows_HasASpanWithTheErrorsType()
    {
        await using RuntimeHarness harness = Observing();
        var model = new ScriptedModel<string>().Throws(new TimeoutException());

        await Assert.ThrowsAsync<TimeoutException>(() => new Assistant<string>(harness.Runtime, Policies.All(), model).AskAsync());

        Activity span = Assert.Single(_ended);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal("System.TimeoutException", span.GetTagItem("error.type"));
        Assert.Empty(span.Events);
    }

    [Theory]
    [InlineData(Good, true, null)]
    [InlineData("N", false, "InsufficientText")]
    public async Task StreamAsync_WhenObserved_HasASpanWithTheVerdict(string update, bool isValid, string? reason)
    {
        await using RuntimeHarness harness = Observing();

        await new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then(update)).ReadAsync();

        AssertVerdict(Assert.Single(_ended), isValid, reason);
    }

    [Fact]
    public async Task StreamAsync_WhenTheObservedModelFails_HasASpanWithTheErrorsType()
    {
        await using RuntimeHarness harness = Observing();

        await new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then("N", new TimeoutException())).ReadAsync();

        Assert.Equal("System.TimeoutException", Assert.Single(_ended).GetTagItem("error.type"));
    }

    [Fact]
    public async Task StreamAsync_WhenTheObservedReaderLeaves_HasASpanThatSaysSo()
    {
        await using RuntimeHarness harness = Observing();

        await new StreamHarness<string>(harness, new StreamScript<string>(harness.Clock).Then(Good, "more")).ReadAsync(1);

        Assert.Equal(true, Assert.Single(_ended).GetTagItem("reliable.stream.left"));
    }

    [Fact]
    public async Task Run_WhenOff_HasNoSpan()
    {
        await using var harness = new RuntimeHarness(static o => o.Rollout.Mode = RolloutMode.Off);

        await new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers(Good)).AskAsync();

        Assert.Empty(_ended);
    }

    private static RuntimeHarness Observing() => new(static o => o.Rollout.Mode = RolloutMode.Observe);

    private static void AssertVerdict(Activity span, bool isValid, string? reason)
    {
        ActivityEvent verdict = Assert.Single(span.Events);
        Assert.Equal("reliable.verdict", verdict.Name);
        Assert.Equal(isValid, verdict.Tags.Single(static tag => tag.Key == "reliable.verdict.valid").Value);
        Assert.Equal(reason, verdict.Tags.SingleOrDefault(static tag => tag.Key == "reliable.verdict.reason").Value);
        Assert.Equal(isValid ? ActivityStatusCode.Unset : ActivityStatusCode.Error, span.Status);
    }
}
