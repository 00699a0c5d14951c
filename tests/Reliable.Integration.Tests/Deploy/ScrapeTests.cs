using System.Text.Json;
using Reliable.Integration.Tests.Sample;

namespace Reliable.Integration.Tests.Deploy;

public sealed class ScrapeTests
{
    private const string Good = "A good answer, long enough to show.";

    private static readonly string[] s_quiet =
    [
        // What nothing has happened to yet.
        "reliable_transactions_refunds_total", "reliable_transactions_expired_total", "reliable_transactions_commit_failures_total",
    ];

    [Fact]
    public async Task Alerts_WhenFailuresBurst_ArePendingWhereTheyShouldAndNowhereElse()
    {
        Tool.Require("prometheus", "prometheus");
        await using SampleApi api = await SampleApi.StartAsync(limit: 1_000);
        api.Model.Replies(Reply.Text(Good));
        await AskAsync(api, 12);
        await using PrometheusServer prometheus = await PrometheusServer.StartAsync(api.Client.BaseAddress!);
        await AskAsync(api, 12);
        await prometheus.UntilAsync(static async server => await server.ValueAsync("sum(reliable_requests_total)") is 24, "the good calls are scraped");
        Assert.Empty(await prometheus.AlertsAsync());

        // A burst, with scrapes in between: what grows from one to the next has a rate.
        api.Model.Replies(Reply.Text(""));
        for (int burst = 0; burst < 4; burst++)
        {
            await AskAsync(api, 5);
            double scraped = 24 + (5 * (burst + 1));
            await prometheus.UntilAsync(async server => await server.ValueAsync("sum(reliable_requests_total)") == scraped, "the failures are scraped");
        }

        await prometheus.UntilAsync(static async server => (await server.AlertsAsync()).Length >= 4, "alerts are pending");
        Assert.Equal(
            ["ReliableModelRetryRateHigh pending", "ReliableRejectionRateHigh pending", "ReliableRetryRateHigh pending", "ReliableRollbackRateHigh pending"],
            await prometheus.AlertsAsync());
        await QueriesAnswerAsync(prometheus);
    }

    // Every query of the dashboard, as Grafana would send it: accepted, and with a result where something has happened.
    private static async Task QueriesAnswerAsync(PrometheusServer prometheus)
    {
        foreach ((string title, string query) in Dashboard.Queries)
        {
            JsonElement[] result = await prometheus.QueryAsync(Dashboard.Fill(query));
            bool mayBeEmpty = Dashboard.MetricsOf(query).Any(s_quiet.Contains) || query.Contains("outcome=\"denied\"", StringComparison.Ordinal);
            Assert.True(result.Length > 0 || mayBeEmpty, $"'{title}' shows nothing: {query}");
        }
    }

    private static async Task AskAsync(SampleApi api, int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            await api.AskAsync("ada", "Where is my order?");
        }
    }
}
