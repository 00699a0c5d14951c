using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Reliable.Hosting;

public sealed class ReliableHealthCheckTests
{
    [Fact]
    public async Task Check_WhenNothingIsWrong_IsHealthyWithItsData()
    {
        await using ServiceProvider services = Build(static checks => checks.AddReliable());

        HealthReportEntry entry = await CheckAsync(services, "reliable");

        Assert.Equal((HealthStatus.Healthy, "No rule holds."), (entry.Status, entry.Description));
        Assert.Equal(
            [
                "activeTransactions", "averageRetrySeconds", "calls", "commitFailures", "commitSuccessPercent", "journaledCharges", "oldestTransactionSeconds",
                "pendingCharges", "rejectionPercent", "retryPercent", "rollbackPercent", "score", "windowSeconds",
            ],
            entry.Data.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((100d, 0L), (entry.Data["score"], entry.Data["calls"]));
    }

    [Fact]
    public async Task Check_WhenAChargeWasLate_IsDegradedAndSaysWhy()
    {
        await using ServiceProvider services = Build(static checks => checks.AddReliable("charges", tags: ["ready"]));
        services.GetRequiredService<ReliableRuntime>().Instruments.CommitFailed();

        HealthReportEntry entry = await CheckAsync(services, "charges");

        Assert.Equal((HealthStatus.Degraded, "1 charge was not taken in time, more than 0."), (entry.Status, entry.Description));
        Assert.Equal([nameof(HealthRule.CommitFailures)], (string[])entry.Data["rules"]);
        Assert.Equal(["ready"], entry.Tags);
    }

    [Theory]
    [InlineData(null, HealthStatus.Unhealthy)]
    [InlineData(HealthStatus.Unhealthy, HealthStatus.Unhealthy)]
    [InlineData(HealthStatus.Degraded, HealthStatus.Degraded)]
    public async Task Check_WhenTheScoreIsLow_ReportsNothingWorseThanItMay(HealthStatus? worst, HealthStatus expected)
    {
        await using ServiceProvider services = Build(checks => checks.AddReliable(failureStatus: worst));
        ReliableRuntime runtime = services.GetRequiredService<ReliableRuntime>();
        for (int i = 0; i < 10; i++)
        {
            runtime.Instruments.Retried("A.B", null);
            runtime.Instruments.Ended("A.B", null, Reliable.Diagnostics.CallOutcome.Exhausted);
        }

        Assert.Equal(HealthStatus.Unhealthy, runtime.Health.Status);
        Assert.Equal(expected, (await CheckAsync(services, "reliable")).Status);
    }

    [Fact]
    public async Task Check_WhenReliableIsNotRegistered_SaysWhatToCall()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddHealthChecks().AddReliable();
        await using ServiceProvider provider = services.BuildServiceProvider();

        InvalidOperationException thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => CheckAsync(provider, "reliable"));

        Assert.Equal("The health check 'reliable' has nothing to look at: call 'AddReliable' on the services of the application as well.", thrown.Message);
    }

    private static ServiceProvider Build(Action<IHealthChecksBuilder> add)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddReliable(static options => options.Rollout.Mode = RolloutMode.On);
        add(services.AddHealthChecks());
        return services.BuildServiceProvider();
    }

    private static async Task<HealthReportEntry> CheckAsync(ServiceProvider services, string name)
        => (await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Entries[name];
}
