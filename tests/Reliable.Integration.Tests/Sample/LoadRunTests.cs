using ChatQuota.Load;

namespace Reliable.Integration.Tests.Sample;

public sealed class LoadRunTests
{
    [Theory]
    [InlineData(200, 16, 12, null)]
    [InlineData(120, 32, 1, null)]
    [InlineData(120, 32, 6, 7)]
    public async Task Run_WhenModelMisbehaves_CountsGoodAnswersOnly(int calls, int concurrency, int users, int? limit)
    {
        await using var output = new StringWriter();

        int exitCode = await LoadRun.RunAsync(
            new LoadPlan(calls, concurrency, users, Seed: 5, limit), Terminal.Create(output, isTerminal: false), TestContext.Current.CancellationToken);

        Assert.True(exitCode == 0, output.ToString());
        Assert.Contains("Exact:", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhenStopped_ReportsWhatWasAsked()
    {
        await using var output = new StringWriter();
        using var source = new CancellationTokenSource();
        Task<int> run = LoadRun.RunAsync(new LoadPlan(100_000, 8, 3, Seed: 5), Terminal.Create(output, isTerminal: false), source.Token);
        source.CancelAfter(TimeSpan.FromSeconds(3));

        Assert.Equal(130, await run);
        Assert.Contains("Stopped after", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Exact:", output.ToString(), StringComparison.Ordinal);
    }
}
