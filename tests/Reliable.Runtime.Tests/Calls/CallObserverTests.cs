using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Reliable.Infrastructure;

namespace Reliable.Calls;

/// <summary>What is said of calls that are only observed, in numbers.</summary>
public sealed partial class CallObserverTests
{
    private const string Good = "An answer that is good enough.";

    [Theory]
    [InlineData(Good, 3, "accepted", 0)]
    [InlineData("No.", 3, "retried", 4)]
    [InlineData("No.", 0, "rejected", 4)]
    public async Task Verdict_WhenAnAnswerIsObserved_IsCountedWithWhatItWasCharged(string answer, int retries, string verdict, int uncharged)
    {
        await using RuntimeHarness harness = Observing();

        await Ask(harness, new ScriptedModel<string>().Answers(answer), retries).AskAsync();

        Assert.Equal(1, harness.Meters.Sum("reliable.observe.verdicts"));
        Assert.Equal(1, harness.Meters.Sum("reliable.observe.verdicts", "verdict", verdict));
        Assert.Equal(uncharged, harness.Meters.Sum("reliable.observe.uncharged", "verdict", verdict));
        Assert.Equal(uncharged, harness.Meters.Sum("reliable.observe.uncharged"));
        Assert.Equal(4, await harness.UsedAsync());
    }

    [Fact]
    public async Task Verdict_WhenNothingIsLeftButTheFallback_IsRetried()
    {
        await using RuntimeHarness harness = Observing();
        var policy = CallPolicy.Create(Policies.Operation, new RetryAttribute { MaxRetries = 0 }, Policies.Validate, Policies.Usage);

        await new Assistant<string>(harness.Runtime, policy, new ScriptedModel<string>().Answers(""), new ScriptedModel<string>().Answers(Good)).AskAsync();

        Assert.Equal(1, harness.Meters.Sum("reliable.observe.verdicts", "verdict", "retried"));
    }

    [Theory]
    [InlineData(true, "retried")]
    [InlineData(false, "failed")]
    public async Task Verdict_WhenTheModelThrows_IsCounted(bool isTransient, string verdict)
    {
        await using RuntimeHarness harness = Observing();
        Exception failure = isTransient ? new TimeoutException() : new NonRetryableException("no");

        Assert.Same(failure, await Record.ExceptionAsync(() => Ask(harness, new ScriptedModel<string>().Throws(failure)).AskAsync()));

        Assert.Equal(1, harness.Meters.Sum("reliable.observe.verdicts", "verdict", verdict));
        Assert.Equal(4, harness.Meters.Sum("reliable.observe.uncharged", "verdict", verdict));
    }

    [Fact]
    public async Task Verdict_WhenTheModelRefuses_IsRefused()
    {
        await using RuntimeHarness harness = Observing();
        var refusal = new ChatResponse(new ChatMessage(ChatRole.Assistant, "I cannot help with that.")) { FinishReason = ChatFinishReason.ContentFilter };

        await new Assistant<ChatResponse>(harness.Runtime, Policy(3), new ScriptedModel<ChatResponse>().Answers(refusal)).AskAsync();

        Assert.Equal(1, harness.Meters.Sum("reliable.observe.verdicts", "verdict", "refused"));
        Assert.Equal(4, harness.Meters.Sum("reliable.observe.uncharged", "verdict", "refused"));
    }

    [Fact]
    public async Task Verdict_WhenNothingIsCharged_HasNoAmount()
    {
        await using RuntimeHarness harness = Observing();
        var policy = CallPolicy.Create(Policies.Operation, Policies.Retry, Policies.Validate);

        await new Assistant<string>(harness.Runtime, policy, new ScriptedModel<string>().Answers("")).AskAsync();

        Assert.Equal(1, harness.Meters.Sum("reliable.observe.verdicts", "verdict", "retried"));
        Assert.Equal(0, harness.Meters.Count("reliable.observe.uncharged"));
    }

    [Fact]
    public async Task Verdict_OfAStream_IsCounted()
    {
        await using RuntimeHarness harness = Observing();
        StreamHarness<string> Stream(params object[] steps) => new(harness, new StreamScript<string>(harness.Clock).Then(steps), Policy(3));

        await Stream(Good).ReadAsync();
        await Stream("No.").ReadAsync();
        await Stream("N", "o").ReadAsync(1);
        await Stream(Good, "more").ReadAsync(1);
        await Stream(Good, new TimeoutException()).ReadAsync();

        Assert.Equal(2, harness.Meters.Sum("reliable.observe.verdicts", "verdict", "accepted"));
        Assert.All(["retried", "left", "failed"], verdict => Assert.Equal(1, harness.Meters.Sum("reliable.observe.verdicts", "verdict", verdict)));
        Assert.Equal(12, harness.Meters.Sum("reliable.observe.uncharged"));
    }

    [Theory]
    [InlineData(RolloutMode.Off)]
    [InlineData(RolloutMode.On)]
    public async Task Verdict_WhenNotObserving_IsNotCounted(RolloutMode mode)
    {
        await using var harness = new RuntimeHarness(o => o.Rollout.Mode = mode);

        await Ask(harness, new ScriptedModel<string>().Answers(Good)).AskAsync();

        Assert.Equal(0, harness.Meters.Count("reliable.observe.verdicts"));
    }

    [Fact]
    public async Task Totals_WhenTimePasses_AreSaidOnceForEachChange()
    {
        await using RuntimeHarness harness = Observing(o => o.Transactions.CleanupInterval = TimeSpan.FromMinutes(1));
        await Ask(harness, new ScriptedModel<string>().Answers(Good)).AskAsync();
        await Ask(harness, new ScriptedModel<string>().Answers("No.")).AskAsync();
        await Ask(harness, new ScriptedModel<string>().Answers("No."), retries: 0).AskAsync();

        harness.Clock.Advance(TimeSpan.FromMinutes(1));
        harness.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(
            "[Observe] So far: 3 calls, 1 would be retried, 2 not charged as they were; counters would be 4 to 8 lower",
            Assert.Single(harness.Log.Lines, static line => line.EventId == 1501).Text);
    }

    [Fact]
    public async Task Totals_WhenTheApplicationEnds_AreSaid()
    {
        RuntimeHarness harness = Observing();
        await Ask(harness, new ScriptedModel<string>().Answers(Good)).AskAsync();
        await harness.DisposeAsync();

        Assert.Single(harness.Log.Lines, static line => line.EventId == 1501);
    }

    // The same questions to the same model, observed and then for real: what was foretold is what comes.
    [Fact]
    public async Task Totals_WhenReliableIsSwitchedOn_HoldTheDifferenceOfTheCounters()
    {
        await using RuntimeHarness observed = Observing();
        await using var real = new RuntimeHarness(o => o.Retry.Backoff = [TimeSpan.Zero]);
        var random = new Random(6);
        for (int call = 0; call < 200; call++)
        {
            int failures = random.Next(8);
            int retries = random.Next(3);
            string[] answers = [.. Enumerable.Repeat("No.", failures), Good];
            await Ask(observed, new ScriptedModel<string>().Answers(answers), retries).AskAsync();
            _ = await Record.ExceptionAsync(() => Ask(real, new ScriptedModel<string>().Answers(answers), retries).AskAsync());
        }

        await observed.Runtime.DisposeAsync();
        Match said = Range().Match(Assert.Single(observed.Log.Lines, static line => line.EventId == 1501).Text);
        long difference = await observed.UsedAsync() - await real.UsedAsync();
        Assert.InRange(
            difference, long.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture), long.Parse(said.Groups[2].Value, CultureInfo.InvariantCulture));
        Assert.True(difference > 0);
    }

    private static RuntimeHarness Observing(Action<ReliableOptions>? configure = null) => new(o =>
    {
        o.Rollout.Mode = RolloutMode.Observe;
        configure?.Invoke(o);
    });

    private static CallPolicy Policy(int retries)
        => CallPolicy.Create(Policies.Operation, new RetryAttribute { MaxRetries = retries }, Policies.Validate, new UsageTransactionAttribute { Amount = 4 });

    private static Assistant<string> Ask(RuntimeHarness harness, ScriptedModel<string> model, int retries = 3) => new(harness.Runtime, Policy(retries), model);

    [GeneratedRegex("counters would be ([0-9]+) to ([0-9]+) lower")]
    private static partial Regex Range();
}
