using System.Diagnostics;
using System.Diagnostics.Metrics;
using Reliable.Infrastructure;

namespace Reliable.Diagnostics;

public sealed class InstrumentsTests
{
    private const string User = "user-who-must-not-be-seen";

    [Fact]
    public void Instruments_WhenPublished_HaveTheirNamesKindsAndUnits()
    {
        var published = new List<string>();
        using var meters = new MeterRecorder();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters))
                published.Add($"{instrument.Name} {instrument.GetType().Name.Split('`')[0]} {instrument.Unit}");
        };
        listener.Start();
        using var instruments = new Instruments(meters, static () => 0);
        instruments.ObserveJournal(static () => 0, static () => 0);

        Assert.Equal(
            [
                "reliable.fallback.attempts Counter {attempt}",
                "reliable.journal.charges ObservableUpDownCounter {charge}",
                "reliable.journal.size ObservableUpDownCounter By",
                "reliable.observe.uncharged Counter {unit}",
                "reliable.observe.verdicts Counter {call}",
                "reliable.overhead Histogram s",
                "reliable.requests Counter {call}",
                "reliable.retry.attempts Counter {attempt}",
                "reliable.retry.duration Histogram s",
                "reliable.transactions.active ObservableUpDownCounter {transaction}",
                "reliable.transactions.commit_failures Counter {transaction}",
                "reliable.transactions.committed Counter {transaction}",
                "reliable.transactions.expired Counter {transaction}",
                "reliable.transactions.refunds Counter {transaction}",
                "reliable.transactions.rollbacks Counter {transaction}",
                "reliable.validation.failures Counter {answer}",
            ],
            published.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("reliable.overhead", new[] { 0.002, 0.005, 0.02 })]
    [InlineData("reliable.retry.duration", new[] { 1.0, 5, 10, 60 })]
    public void Histograms_WhenPublished_AdviseBucketsAtTheirLimits(string name, double[] limits)
    {
        IReadOnlyList<double>? advised = null;
        using var meters = new MeterRecorder();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Name == name)
                advised = ((Histogram<double>)instrument).Advice?.HistogramBucketBoundaries;
        };
        listener.Start();
        using var instruments = new Instruments(meters, static () => 0);

        Assert.NotNull(advised);
        Assert.Equal(advised.Order(), advised);
        Assert.Subset(advised.ToHashSet(), limits.ToHashSet());
    }

    [Fact]
    public void Instruments_WhenUsed_CarryTheirTagsAndNoOthers()
    {
        using var meters = new MeterRecorder();
        using var instruments = new Instruments(meters, static () => 7);
        instruments.Ended("A.B", "m1", CallOutcome.Success);
        instruments.Retried("A.B", "m1");
        instruments.Rejected("A.B", "m1", RejectionReason.EmptyResponse);
        instruments.FellBack("A.B", "m1", succeeded: false);
        instruments.Took("A.B", "m1", TimeSpan.FromMilliseconds(1500));
        instruments.Committed();
        instruments.RolledBack("Expired");
        instruments.CommitFailed();
        instruments.Expired(3);
        instruments.BeginTook(Stopwatch.GetTimestamp());
        instruments.ValidateTook(Stopwatch.GetTimestamp());
        instruments.CommitTook(Stopwatch.GetTimestamp());
        meters.Observe();

        const string Model = "gen_ai.request.model=m1";
        const string Operation = "reliable.operation=A.B";
        Assert.Equal(
            [
                $"reliable.requests {Model} outcome=success {Operation}",
                $"reliable.retry.attempts {Model} {Operation}",
                $"reliable.validation.failures {Model} reason=EmptyResponse {Operation}",
                $"reliable.fallback.attempts {Model} outcome=failure {Operation}",
                $"reliable.retry.duration {Model} {Operation}",
                "reliable.transactions.committed",
                "reliable.transactions.rollbacks reason=Expired",
                "reliable.transactions.commit_failures",
                "reliable.transactions.expired",
                "reliable.overhead phase=begin",
                "reliable.overhead phase=validate",
                "reliable.overhead phase=commit",
                "reliable.transactions.active",
            ],
            meters.All.Select(static measurement => string.Join(' ', [measurement.Name, .. Tags(measurement)])));
        Assert.Equal((1.5, 3, 7), (meters.Sum("reliable.retry.duration"), meters.Sum("reliable.transactions.expired"), meters.Sum("reliable.transactions.active")));
    }

    [Theory]
    [InlineData("Success", "success")]
    [InlineData("Fallback", "fallback")]
    [InlineData("Exhausted", "exhausted")]
    [InlineData("Refused", "refused")]
    [InlineData("Denied", "denied")]
    [InlineData("Cancelled", "cancelled")]
    [InlineData("Error", "error")]
    public void Ended_WhenCallEnds_NamesTheOutcome(string outcome, string tag)
    {
        using var meters = new MeterRecorder();
        using var instruments = new Instruments(meters, static () => 0);
        instruments.Ended("A.B", null, Enum.Parse<CallOutcome>(outcome));

        Measurement measurement = Assert.Single(meters.All);
        Assert.Equal((tag, null), (measurement.Tag("outcome"), measurement.Tag(Instruments.ModelTag)));
    }

    [Fact]
    public void Overhead_WhenNobodyAskedForTheStart_IsNotRecorded()
    {
        using var meters = new MeterRecorder();
        using var instruments = new Instruments(meters, static () => 0);
        instruments.BeginTook(0);

        Assert.Empty(meters.All);
    }

    [Fact]
    public async Task Instruments_WhenCallsOfEveryKindAreMade_NeverNameTheUser()
    {
        await using var harness = new RuntimeHarness(static options => options.Usage.DefaultLimit = 3);
        await new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers("", "a good answer")) { ModelId = "m1" }.AskAsync(User);
        await Assert.ThrowsAsync<RetriesExhaustedException>(
            () => new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers("")) { ModelId = "m1" }.AskAsync(User));
        await Assert.ThrowsAsync<ArgumentException>(
            () => new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Fails(new ArgumentException(User))).AskAsync(User));
        harness.Meters.Observe();

        Assert.True(harness.Meters.All.Count > 10);
        Assert.DoesNotContain(
            harness.Meters.All.SelectMany(static measurement => measurement.Tags),
            static tag => tag.Value?.ToString()?.Contains(User, StringComparison.Ordinal) is true || tag.Key.Contains("user", StringComparison.OrdinalIgnoreCase));
    }

    private static IEnumerable<string> Tags(Measurement measurement) => measurement.Tags.Select(static tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal);
}
