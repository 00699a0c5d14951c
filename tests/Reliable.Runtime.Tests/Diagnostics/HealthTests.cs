using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Reliable.Calls;
using Reliable.Infrastructure;

namespace Reliable.Diagnostics;

public sealed class HealthTests
{
    private const string Good = "a good answer";

    private static readonly CallPolicy s_policy = Policies.All(static retry => (retry.MaxRetries, retry.BackoffMs) = (1, [0]));

    [Fact]
    public async Task Health_WhenNothingHappened_IsHealthyAndFull()
    {
        await using RuntimeHarness harness = Start();

        ReliableHealth health = harness.Runtime.Health;

        Assert.Equal((HealthStatus.Healthy, 100), (health.Status, health.Score));
        Assert.Empty(health.Findings);
        Assert.Equal((0, 100, 0), (health.RollbackPercent, health.CommitSuccessPercent, health.Overall.RetryPercent));
    }

    [Theory]
    [InlineData(0, 0, 100, 100)]
    [InlineData(10, 0, 100, 85)]
    [InlineData(0, 2, 100, 88)]
    [InlineData(0, 0, 50, 80)]
    [InlineData(4, 1, 99.5, 87.8)]
    [InlineData(100, 0, 100, 0)]
    [InlineData(0, 100, 0, 0)]
    public void Score_WhenRatesAreKnown_IsTheFormulaWithinItsBounds(double retries, double rollbacks, double commits, double expected)
        => Assert.Equal(expected, HealthRules.Score(retries, rollbacks, commits), precision: 9);

    [Theory]
    [InlineData(10, HealthStatus.Healthy)]
    [InlineData(11, HealthStatus.Degraded)]
    public async Task Health_WhenCallsAreRetried_IsDegradedAboveTheThreshold(int retried, HealthStatus expected)
    {
        await using RuntimeHarness harness = Start();
        await AskAsync(harness, 100 - retried);
        await RetryAsync(harness, retried);

        ReliableHealth health = harness.Runtime.Health;

        Assert.Equal((100, retried, retried), (health.Overall.Calls, health.Overall.Retries, health.Overall.Rejections));
        Assert.Equal(retried, health.Overall.RetryPercent);
        Assert.Equal(100 - (retried * 1.5), health.Score, precision: 9);
        Assert.Equal(expected, health.Status);
        Assert.Equal(expected == HealthStatus.Healthy ? [] : [HealthRule.RetryRate], health.Findings.Select(static finding => finding.Rule));
    }

    [Fact]
    public async Task Health_WhenOneModelIsRetried_NamesIt()
    {
        await using RuntimeHarness harness = Start();
        await AskAsync(harness, 200, model: "good-model");
        await AskAsync(harness, 15, model: "bad-model");
        await RetryAsync(harness, 5, "bad-model");

        ReliableHealth health = harness.Runtime.Health;

        Assert.Equal(HealthStatus.Degraded, health.Status);
        HealthFinding finding = Assert.Single(health.Findings);
        Assert.Equal((HealthRule.ModelRetryRate, "bad-model"), (finding.Rule, finding.Model));
        Assert.Equal("5 retries of 20 calls of bad-model are 25 %, more than 20 %", finding.Message);
        Assert.Equal(["bad-model", "good-model"], health.Models.Select(static model => model.Model));
    }

    [Fact]
    public async Task Health_WhenTransactionsAreRolledBack_IsDegradedAboveTwoPercent()
    {
        await using RuntimeHarness harness = Start();
        await AskAsync(harness, 98);
        await FailAsync(harness, 2);
        Assert.Equal(HealthStatus.Healthy, harness.Runtime.Health.Status);

        await FailAsync(harness, 1);

        ReliableHealth health = harness.Runtime.Health;
        Assert.Equal((98, 3), (health.Committed, health.RolledBack));
        Assert.Equal([HealthRule.RollbackRate], health.Findings.Select(static finding => finding.Rule));
    }

    [Fact]
    public async Task Health_WhenAnswersAreRejected_IsDegradedAboveFifteenPercent()
    {
        await using RuntimeHarness harness = Start(static options => options.Health.MaxRetryPercent = 100);
        await AskAsync(harness, 84);
        await RetryAsync(harness, 15);
        await AskAsync(harness, 1);
        Assert.Equal(HealthStatus.Healthy, harness.Runtime.Health.Status);

        await RetryAsync(harness, 1);

        Assert.Equal([HealthRule.RejectionRate], harness.Runtime.Health.Findings.Select(static finding => finding.Rule));
    }

    [Fact]
    public async Task Health_WhenOneChargeWasLate_IsDegradedWithoutAnyOtherCall()
    {
        await using RuntimeHarness harness = Start();
        harness.Runtime.Instruments.CommitFailed();

        ReliableHealth health = harness.Runtime.Health;

        Assert.Equal((HealthStatus.Degraded, 60), (health.Status, health.Score));
        Assert.Equal("1 charge was not taken in time, more than 0", Assert.Single(health.Findings).Message);
    }

    [Fact]
    public async Task Health_WhenRetriedCallsTakeLong_IsDegradedByTheirAverage()
    {
        await using RuntimeHarness harness = Start();
        await AskAsync(harness, 100);
        CallPolicy slow = Policies.All(static retry => (retry.MaxRetries, retry.BackoffMs) = (1, [10_002]));
        await new Assistant<string>(harness.Runtime, slow, new ScriptedModel<string>().Answers("", Good)).AskAsync();

        ReliableHealth health = harness.Runtime.Health;

        Assert.Equal(TimeSpan.FromMilliseconds(10_002), health.Overall.AverageRetryDuration);
        Assert.Equal([HealthRule.RetryDuration], health.Findings.Select(static finding => finding.Rule));
    }

    [Fact]
    public async Task Health_WhenTheScoreIsLow_IsUnhealthy()
    {
        await using RuntimeHarness harness = Start();
        await FailAsync(harness, 10);

        ReliableHealth health = harness.Runtime.Health;

        Assert.Equal((HealthStatus.Unhealthy, 0), (health.Status, health.Score));
        Assert.Contains(HealthRule.Score, health.Findings.Select(static finding => finding.Rule));
    }

    [Fact]
    public async Task Health_WhenCallsAreTooFew_SaysNothing()
    {
        await using RuntimeHarness harness = Start();
        await FailAsync(harness, 9);

        Assert.Equal((HealthStatus.Healthy, 0), (harness.Runtime.Health.Status, harness.Runtime.Health.Score));
    }

    [Fact]
    public async Task Health_WhenCallsAreDenied_DoesNotCountThem()
    {
        await using RuntimeHarness harness = Start(static options => options.Usage.DefaultLimit = 10);
        await AskAsync(harness, 8);
        await RetryAsync(harness, 2);
        for (int i = 0; i < 100; i++)
        {
            await Assert.ThrowsAsync<UsageLimitExceededException>(() => AskAsync(harness, 1));
        }

        Assert.Equal((10, 20), (harness.Runtime.Health.Overall.Calls, harness.Runtime.Health.Overall.RetryPercent));
    }

    [Fact]
    public async Task Health_WhenTheWindowHasPassed_IsHealthyAgain()
    {
        await using RuntimeHarness harness = Start();
        await FailAsync(harness, 20);
        harness.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(HealthStatus.Unhealthy, harness.Runtime.Health.Status);

        harness.Clock.Advance(TimeSpan.FromSeconds(66));

        Assert.Equal((HealthStatus.Healthy, 100), (harness.Runtime.Health.Status, harness.Runtime.Health.Score));
        Assert.Empty(harness.Runtime.Health.Models);
    }

    [Fact]
    public async Task Health_WhenThresholdsAreChanged_FollowsThem()
    {
        await using RuntimeHarness harness = Start();
        await AskAsync(harness, 95);
        await RetryAsync(harness, 5);
        Assert.Equal(HealthStatus.Healthy, harness.Runtime.Health.Status);

        var changed = new ReliableOptions();
        changed.Health.MaxRetryPercent = 4;
        await harness.Runtime.ApplyAsync(changed);

        Assert.Equal([HealthRule.RetryRate], harness.Runtime.Health.Findings.Select(static finding => finding.Rule));
    }

    [Fact]
    public async Task Log_WhenARuleHoldsAndCeases_HasOneWarningForEach()
    {
        await using RuntimeHarness harness = Start();
        await AskAsync(harness, 10);
        await RetryAsync(harness, 2);

        harness.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(
            [
                "[Health] RetryRate holds: 2 retries of 12 calls are 16.7 %, more than 10 %",
                "[Health] RejectionRate holds: 2 rejected answers of 12 calls are 16.7 %, more than 15 %",
            ],
            harness.Log.Of("[Health]"));
        harness.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal(
            ["[Health] RejectionRate holds no more (model: all)", "[Health] RetryRate holds no more (model: all)"],
            harness.Log.Of("[Health]").Skip(2));
        Assert.All(harness.Log.Lines.Where(static line => line.Text.StartsWith("[Health]", StringComparison.Ordinal)), static line => Assert.Equal(LogLevel.Warning, line.Level));
    }

    [Fact]
    public async Task Statistics_WhenCallsOfEveryKindWereMade_HaveEachOfThem()
    {
        await using RuntimeHarness harness = Start();
        await AskAsync(harness, 3, model: "m1");
        await RetryAsync(harness, 2, "m1");
        await RetryAsync(harness, 1, "m2", "abc");
        await FailAsync(harness, 4);
        UsageTransaction open = await harness.Runtime.Usage.BeginAsync("u1");
        UsageTransaction refunded = await harness.Runtime.Usage.BeginAsync("u1");
        await refunded.CommitAsync();
        await refunded.RollbackAsync();
        harness.Clock.Advance(TimeSpan.FromSeconds(2));

        ReliableStatistics statistics = harness.Runtime.Statistics;

        CallStatistics calls = statistics.Calls;
        Assert.Equal((10, 6, 4, 7), (calls.Requests, calls.Succeeded, calls.Exhausted, calls.Retries));
        Assert.Equal(
            [KeyValuePair.Create(RejectionReason.EmptyResponse, 10L), KeyValuePair.Create(RejectionReason.InsufficientText, 1L)],
            calls.Rejections.OrderBy(static entry => entry.Key));
        Assert.Equal([("m1", 5L, 2L), ("m2", 1L, 1L)], statistics.Models.Select(static model => (model.Model!, model.Requests, model.Retries)));
        Assert.Equal((7, 4, 1, 0, 0), (statistics.Committed, statistics.RolledBack, statistics.Refunded, statistics.Expired, statistics.CommitFailures));
        Assert.Equal((1, TimeSpan.FromSeconds(2), 1), (statistics.ActiveTransactions, statistics.OldestTransaction, statistics.KnownUsers));
        await open.DisposeAsync();
    }

    private static RuntimeHarness Start(Action<ReliableOptions>? configure = null) => new(options =>
    {
        options.Health.Interval = TimeSpan.FromSeconds(5);
        configure?.Invoke(options);
    });

    private static Task AskAsync(RuntimeHarness harness, int calls, string model = "m1") => AskAsync(harness, calls, model, [Good]);

    private static Task RetryAsync(RuntimeHarness harness, int calls, string model = "m1", string rejected = "") => AskAsync(harness, calls, model, [rejected, Good]);

    private static async Task AskAsync(RuntimeHarness harness, int calls, string model, string[] answers)
    {
        for (int i = 0; i < calls; i++)
        {
            await new Assistant<string>(harness.Runtime, s_policy, new ScriptedModel<string>().Answers(answers)) { ModelId = model }.StartAsync();
        }
    }

    private static async Task FailAsync(RuntimeHarness harness, int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            await Assert.ThrowsAsync<RetriesExhaustedException>(
                () => new Assistant<string>(harness.Runtime, s_policy, new ScriptedModel<string>().Answers("")).StartAsync());
        }
    }
}
