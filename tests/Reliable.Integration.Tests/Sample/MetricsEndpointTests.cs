using System.Text.Json;
using Reliable.Integration.Tests.Deploy;

namespace Reliable.Integration.Tests.Sample;

public sealed class MetricsEndpointTests
{
    private const string Good = "A good answer, long enough to show.";

    [Fact]
    public async Task Metrics_WhenParsedByPrometheus_AreWithoutFault()
    {
        string promtool = Tool.Require("promtool", "prometheus");
        await using SampleApi api = await SampleApi.StartAsync();
        await MisbehaveAsync(api);

        (int exitCode, string output) = await Tool.RunAsync(promtool, ["check", "metrics"], (await api.MetricsAsync()).Text);

        Assert.True(exitCode == 0 && output.Length == 0, output);
    }

    [Fact]
    public async Task Metrics_WhenCallsWereMade_CountEachOfThem()
    {
        await using SampleApi api = await SampleApi.StartAsync();
        await MisbehaveAsync(api);

        (string? contentType, string text) = await api.MetricsAsync();
        Dictionary<string, double> samples = MetricsText.SamplesOf(text);

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", contentType);
        const string Call = "gen_ai_request_model=\"scripted\"";
        const string Operation = "reliable_operation=\"SupportAssistant.AskAsync\"";
        Assert.Equal(1, samples[$"reliable_requests_total{{{Call},outcome=\"success\",{Operation}}}"]);
        Assert.Equal(1, samples[$"reliable_requests_total{{{Call},outcome=\"exhausted\",{Operation}}}"]);
        Assert.Equal(4, samples[$"reliable_retry_attempts_total{{{Call},{Operation}}}"]);
        Assert.Equal(6, samples[$"reliable_validation_failures_total{{{Call},reason=\"EmptyResponse\",{Operation}}}"]);
        Assert.Equal(1, samples[$"reliable_fallback_attempts_total{{{Call},outcome=\"failure\",{Operation}}}"]);
        Assert.Equal(1, samples["reliable_transactions_committed_total"]);
        Assert.Equal(1, samples["reliable_transactions_rollbacks_total{reason=\"All retries failed\"}"]);
        Assert.Equal((0, 0), (samples["reliable_transactions_active"], samples["reliable_journal_charges"]));
        Assert.Equal(2, samples[$"reliable_retry_duration_seconds_count{{{Call},{Operation}}}"]);
        Assert.Equal(2, samples[$"reliable_retry_duration_seconds_bucket{{{Call},{Operation},le=\"+Inf\"}}"]);
        Assert.Equal(7, samples["reliable_overhead_seconds_count{phase=\"validate\"}"]);
        Assert.Equal(1, samples["reliable_overhead_seconds_count{phase=\"commit\"}"]);
    }

    [Fact]
    public async Task Health_WhenNothingFails_IsHealthyWithItsNumbers()
    {
        await using SampleApi api = await SampleApi.StartAsync();
        api.Model.Replies(Reply.Text(Good));
        await api.AskAsync("ada", "Where is my order?");

        (int status, JsonElement body, _) = await api.GetAsync("/health");

        JsonElement check = Assert.Single(body.GetProperty("checks").EnumerateArray());
        Assert.Equal((200, "Healthy", "reliable"), (status, body.GetProperty("status").GetString(), check.GetProperty("name").GetString()));
        Assert.Equal((100, 1, 0), (check.GetProperty("data").GetProperty("score").GetDouble(), check.GetProperty("data").GetProperty("calls").GetInt32(), check.GetProperty("data").GetProperty("journaledCharges").GetInt32()));
    }

    [Fact]
    public async Task Health_WhenEverythingFails_IsUnhealthyAndSaysWhy()
    {
        await using SampleApi api = await SampleApi.StartAsync();
        api.Model.Replies(Reply.Text(""));
        for (int i = 0; i < 10; i++)
        {
            await api.AskAsync("ada", "Where is my order?");
        }

        (int status, JsonElement body, _) = await api.GetAsync("/health");

        Assert.Equal((503, "Unhealthy"), (status, body.GetProperty("status").GetString()));
        JsonElement check = Assert.Single(body.GetProperty("checks").EnumerateArray());
        Assert.StartsWith("30 retries of 10 calls are 300 %, more than 10 %;", check.GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            ["RetryRate", "ModelRetryRate", "RollbackRate", "RejectionRate", "Score"],
            check.GetProperty("data").GetProperty("rules").EnumerateArray().Select(static rule => rule.GetString()!));
    }

    [Fact]
    public async Task LiveNumbers_WhenCallsWereMade_AreThoseOfTheRuntime()
    {
        await using SampleApi api = await SampleApi.StartAsync();
        await MisbehaveAsync(api);

        (int status, JsonElement body, _) = await api.GetAsync("/reliable/numbers");

        Assert.Equal((200, 2, 4), (status, body.GetProperty("requests").GetInt32(), body.GetProperty("retries").GetInt32()));
        JsonElement rejection = Assert.Single(body.GetProperty("rejections").EnumerateArray());
        Assert.Equal(("Empty", 6), (rejection.GetProperty("name").GetString(), rejection.GetProperty("count").GetInt32()));
        JsonElement charges = body.GetProperty("charges");
        Assert.Equal((1, 1), (charges.GetProperty("charged").GetInt32(), charges.GetProperty("notCharged").GetInt32()));
        Assert.Equal(27, body.GetProperty("budgetMs").GetDouble());
        Assert.Equal(["begin", "validate", "commit", "together, at most"], body.GetProperty("phases").EnumerateArray().Select(static phase => phase.GetProperty("name").GetString()));
        Assert.All(body.GetProperty("phases").EnumerateArray(), static phase => Assert.True(phase.GetProperty("p99Ms").GetDouble() > 0));
        Assert.Equal("scripted", Assert.Single(body.GetProperty("models").EnumerateArray()).GetProperty("name").GetString());
    }

    // One call with one retry, and one without a good answer at all: 1 + 5 rejected answers, 1 + 3 retries, 1 fallback.
    private static async Task MisbehaveAsync(SampleApi api)
    {
        api.Model.Replies(Reply.Text(""), Reply.Text(Good), Reply.Text(""));
        await api.AskAsync("ada", "Where is my order?");
        await api.AskAsync("ben", "Where is my order?");
    }
}
