using System.Diagnostics;
using Reliable.Calls;
using Reliable.Infrastructure;

namespace Reliable.Diagnostics;

/// <summary>Loggers, meter listeners and activity listeners are the application's, and are called between an answer and its charge.</summary>
[Collection(RunsAlone.Name)]
public sealed class FailingObserverTests
{
    private const string Good = "A good and complete answer.";

    // One that a model's failure would be tried again for.
    private static readonly RetryableException s_transient = new("An observer has failed.");

    public enum Observer
    {
        Logger,
        Meters,
        Spans,
        SpanSampler,
    }

    public static TheoryData<Observer, CallShape> Cases
    {
        get
        {
            var cases = new TheoryData<Observer, CallShape>();
            foreach (Observer observer in Enum.GetValues<Observer>())
            {
                foreach (CallShape shape in Enum.GetValues<CallShape>())
                {
                    cases.Add(observer, shape);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Run_WhenAnObserverThrows_CallsAndChargesOnce(Observer observer, CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        using IDisposable? listening = Break(harness, observer);
        var model = new ScriptedModel<string>().Answers(Good);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), model) { Shape = shape };

        Assert.Equal(Good, await assistant.AskAsync());

        Assert.Equal(1, model.Calls);
        Assert.Equal(1, await harness.UsedAsync());
        Assert.Equal(1, harness.Runtime.Statistics.Committed);
        Assert.Equal(1, harness.Runtime.Statistics.Calls.Succeeded);
        Assert.Equal(0, harness.Runtime.Statistics.ActiveTransactions);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Run_WhenAnObserverThrowsBesideARetry_TriesAgainAndChargesOnce(Observer observer, CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        using IDisposable? listening = Break(harness, observer);
        var model = new ScriptedModel<string>().Answers("").Throws(s_transient).Answers(Good);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), model) { Shape = shape };

        Assert.Equal(Good, await assistant.AskAsync());

        Assert.Equal(3, model.Calls);
        Assert.Equal(1, await harness.UsedAsync());
        Assert.Equal(0, harness.Runtime.Statistics.ActiveTransactions);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Run_WhenAnObserverThrowsAndAllFails_ThrowsWhatTheCallCameToAndChargesNothing(Observer observer, CallShape shape)
    {
        await using var harness = new RuntimeHarness();
        using IDisposable? listening = Break(harness, observer);
        var model = new ScriptedModel<string>().Answers("");
        var fallback = new ScriptedModel<string>().Throws(s_transient);
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), model, fallback) { Shape = shape };

        await Assert.ThrowsAsync<RetriesExhaustedException>(() => assistant.AskAsync());

        Assert.Equal(0, await harness.UsedAsync());
        Assert.Equal(1, harness.Runtime.Statistics.RolledBack);
        Assert.Equal(0, harness.Runtime.Statistics.ActiveTransactions);
    }

    [Theory]
    [InlineData(Observer.Spans)]
    [InlineData(Observer.SpanSampler)]
    public async Task Run_WhenAListenerOfSpansThrows_LeavesTheCallersSpanCurrent(Observer observer)
    {
        await using var harness = new RuntimeHarness();
        using IDisposable? listening = Break(harness, observer);
        using Activity callers = new Activity("request").Start();
        var assistant = new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers("", Good));

        await assistant.AskAsync();

        Assert.Same(callers, Activity.Current);
    }

    private static ActivityListener? Break(RuntimeHarness harness, Observer observer)
    {
        harness.Log.Failure = observer == Observer.Logger ? s_transient : null;
        harness.Meters.Failure = observer == Observer.Meters ? s_transient : null;
        if (observer is not (Observer.Spans or Observer.SpanSampler))
        {
            return null;
        }

        // Of this test's calls only: others run beside it, and listeners are the process's.
        var mine = new AsyncLocal<bool> { Value = true };
        void FailForMine()
        {
            if (mine.Value)
            {
                throw s_transient;
            }
        }

        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == ReliableMetrics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
            {
                if (observer == Observer.SpanSampler)
                {
                    FailForMine();
                }

                return mine.Value ? ActivitySamplingResult.AllData : ActivitySamplingResult.None;
            },
            ActivityStarted = _ => FailForMine(),
            ActivityStopped = _ => FailForMine(),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
