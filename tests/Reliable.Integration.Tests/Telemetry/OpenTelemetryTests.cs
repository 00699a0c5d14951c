using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Reliable.Integration.Tests.Telemetry;

/// <summary>
/// A scripted run with a known number of failures of each kind, seen through the real SDK of OpenTelemetry: every counter, log line, span and rule against the
/// script, number by number.
/// </summary>
[Collection(RunsAlone.Name)]
public sealed class OpenTelemetryTests
{
    private const string M1 = "gen_ai.request.model=m1";
    private const string M2 = "gen_ai.request.model=m2";
    private const string Ask = "reliable.operation=" + TelemetryScript.Operation;
    private const string Stream = "reliable.operation=" + TelemetryScript.StreamOperation;

    [Fact]
    public async Task Run_WhenScripted_IsSeenAsItWas()
    {
        string directory = Directory.CreateTempSubdirectory("reliable-telemetry-").FullName;
        var exporter = new CollectingExporter();
        var spans = new List<Activity>();
        var log = new LogRecorder();
        using MeterProvider meters = Sdk.CreateMeterProviderBuilder()
            .AddMeter(ReliableMetrics.MeterName)
            .AddReader(new BaseExportingMetricReader(exporter))
            .Build();
        using TracerProvider tracer = Sdk.CreateTracerProviderBuilder()
            .AddSource(ReliableMetrics.ActivitySourceName)
            .AddProcessor(new SimpleActivityExportProcessor(new SpanExporter(spans)))
            .Build();
        var store = new SlowStore(Path.Combine(directory, "usage.db"));
        await using (ReliableRuntime runtime = ReliableRuntime.Create(
            options =>
            {
                options.Rollout.Mode = RolloutMode.On;
                options.Usage.CommitTimeout = TimeSpan.FromMilliseconds(500);
                options.Usage.JournalPath = Path.Combine(directory, "journal");
                options.Transactions.Timeout = TimeSpan.FromSeconds(1);
                options.Transactions.CleanupInterval = TimeSpan.FromMilliseconds(100);
            },
            store,
            loggerFactory: log))
        {
            await RunAsync(runtime, store);
            meters.ForceFlush();

            CheckMetrics(exporter);
            CheckLog(log);
            CheckSpans(spans);
            CheckHealth(runtime, log);
        }

        Directory.Delete(directory, recursive: true);
    }

    private static async Task RunAsync(ReliableRuntime runtime, SlowStore store)
    {
        var script = new TelemetryScript(runtime);
        await runtime.Usage.SetLimitAsync("poor", 0);

        // Good at once: 20 calls of m1, 10 of m2.
        for (int i = 0; i < 30; i++)
        {
            await script.AskAsync("u1", i < 20 ? "m1" : "m2", null, static () => TelemetryScript.Good);
        }

        // Rejected once for each reason, then good: 6 calls, 6 retries.
        foreach (ChatResponse rejected in TelemetryScript.Rejected.Values)
        {
            await script.AskAsync("u1", "m1", null, () => rejected, static () => TelemetryScript.Good);
        }

        // A failure of the network, then good: 2 calls, 2 retries, nothing rejected.
        for (int i = 0; i < 2; i++)
        {
            await script.AskAsync("u1", "m1", null, static () => throw new HttpRequestException(TelemetryScript.Secret), static () => TelemetryScript.Good);
        }

        // Saved by the fallback, and not even by the fallback: 2 retries, 2 + 3 empty answers.
        await script.AskAsync("u1", "m2", static () => TelemetryScript.Good, static () => TelemetryScript.Empty);
        await Assert.ThrowsAsync<RetriesExhaustedException>(
            () => script.AskAsync("u1", "m2", static () => TelemetryScript.Empty, static () => TelemetryScript.Empty));

        // Refused, failed for good, left by its caller, and denied.
        await script.AskAsync("u1", "m1", null, static () => TelemetryScript.Refused);
        await Assert.ThrowsAsync<FormatException>(() => script.AskAsync("u1", "m1", null, static () => throw new FormatException(TelemetryScript.Secret)));
        using var caller = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => script.AskAsync(
            "u1", "m1", null, caller.Token, () => throw Cancel(caller)));
        await Assert.ThrowsAsync<UsageLimitExceededException>(() => script.AskAsync("poor", "m1", null, static () => TelemetryScript.Good));

        // Streams: one good, one that is broken and retried before it is shown, one that breaks while it is shown.
        string[] good = ["A good answer: ", TelemetryScript.Secret];
        await script.StreamAsync("u1", "m1", good);
        await script.StreamAsync("u1", "m1", ["Ab", null], good);
        await Assert.ThrowsAsync<HttpRequestException>(() => script.StreamAsync("u1", "m1", ["A good answer: ", null]));

        // By hand: one taken back after it was counted, one given back, one left open until it expires.
        UsageTransaction refunded = await runtime.Usage.BeginAsync("u1");
        await refunded.CommitAsync();
        await refunded.RollbackAsync();
        await (await runtime.Usage.BeginAsync("u1")).RollbackAsync();
        UsageTransaction left = await runtime.Usage.BeginAsync("u1");
        await UntilAsync(() => runtime.Statistics.Expired == 1);
        await left.DisposeAsync();

        // A database that takes its time: the answer leaves, and the charge follows.
        var hold = new TaskCompletionSource();
        store.Hold = hold.Task;
        await script.AskAsync("u1", "m1", null, static () => TelemetryScript.Good);
        Assert.Equal(1, runtime.Statistics.JournaledCharges);
        hold.SetResult();
        await UntilAsync(() => runtime.Statistics.PendingCharges == 0);
    }

    private static void CheckMetrics(CollectingExporter exporter)
    {
        var expected = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            // 20 + 6 + 2 + 1 late; 10; 2 streams.
            [$"reliable.requests {M1} outcome=success {Ask}"] = 29,
            [$"reliable.requests {M2} outcome=success {Ask}"] = 10,
            [$"reliable.requests {M1} outcome=success {Stream}"] = 2,
            [$"reliable.requests {M2} outcome=fallback {Ask}"] = 1,
            [$"reliable.requests {M2} outcome=exhausted {Ask}"] = 1,
            [$"reliable.requests {M1} outcome=refused {Ask}"] = 1,
            [$"reliable.requests {M1} outcome=error {Ask}"] = 1,
            [$"reliable.requests {M1} outcome=cancelled {Ask}"] = 1,
            [$"reliable.requests {M1} outcome=denied {Ask}"] = 1,
            [$"reliable.requests {M1} outcome=late_failure {Stream}"] = 1,
            [$"reliable.retry.attempts {M1} {Ask}"] = 8,
            [$"reliable.retry.attempts {M2} {Ask}"] = 2,
            [$"reliable.retry.attempts {M1} {Stream}"] = 1,
            [$"reliable.retry.duration {M1} {Ask}"] = 8,
            [$"reliable.retry.duration {M2} {Ask}"] = 2,
            [$"reliable.retry.duration {M1} {Stream}"] = 1,
            [$"reliable.validation.failures {M2} reason=EmptyResponse {Ask}"] = 5,
            [$"reliable.validation.failures {M1} reason=ContentFilter {Ask}"] = 1,
            [$"reliable.fallback.attempts {M2} outcome=success {Ask}"] = 1,
            [$"reliable.fallback.attempts {M2} outcome=failure {Ask}"] = 1,

            // 39 calls, 1 by the fallback, 2 streams, 1 by hand.
            ["reliable.transactions.committed"] = 43,
            ["reliable.transactions.refunds"] = 1,
            ["reliable.transactions.expired"] = 1,
            ["reliable.transactions.commit_failures"] = 1,
            ["reliable.transactions.rollbacks reason=All retries failed"] = 1,
            ["reliable.transactions.rollbacks reason=Content filter"] = 1,
            ["reliable.transactions.rollbacks reason=Error that is not retried"] = 1,
            ["reliable.transactions.rollbacks reason=Cancelled by the caller"] = 1,
            ["reliable.transactions.rollbacks reason=Failed after release"] = 1,
            ["reliable.transactions.rollbacks reason=Requested"] = 1,
            ["reliable.transactions.active"] = 0,
            ["reliable.journal.charges"] = 0,

            // Begun: 45 calls and 3 streams, the denied one included. Committed: 40 calls and 2 streams. Judged: what follows from the script, streams apart.
            ["reliable.overhead phase=begin"] = 48,
            ["reliable.overhead phase=commit"] = 42,
            ["reliable.overhead phase=validate"] = 40 + 6 + 5 + 1,
        };
        foreach (RejectionReason reason in TelemetryScript.Rejected.Keys)
        {
            expected[$"reliable.validation.failures {M1} reason={reason} {Ask}"] = 1;
        }

        Assert.Equal(expected, exporter.Series.Where(static series => series.Key != "reliable.journal.size"));
        Assert.Equal(("s", 12), (exporter.Instruments["reliable.retry.duration"].Unit, exporter.Instruments["reliable.retry.duration"].Bounds.Length - 1));
        Assert.Contains(0.02, exporter.Instruments["reliable.overhead"].Bounds);
        Assert.DoesNotContain(exporter.Series.Keys, static key => key.Contains("u1", StringComparison.Ordinal) || key.Contains("poor", StringComparison.Ordinal));
    }

    private static void CheckLog(LogRecorder log)
    {
        Dictionary<int, int> expected = new()
        {
            // 44 calls were let in and one was not; 3 streams; 3 by hand.
            [1000] = 51,
            [1001] = 43,
            [1002] = 6,
            [1003] = 1,

            // 11 retries, 2 fallbacks, and as many ends as calls that were retried.
            [1100] = 11,
            [1101] = 2,
            [1102] = 11,
            [1200] = 12,
            [1300] = 1,
            [1301] = 1,
            [1600] = 1,
        };
        Assert.Equal(expected.OrderBy(static entry => entry.Key), log.Counts.Where(static entry => entry.Key < 1700));
        Assert.DoesNotContain(log.Lines, static line => line.Text.Contains(TelemetryScript.Secret, StringComparison.Ordinal));
        Assert.Contains((LogLevel.Warning, 1100, "[Retry] Attempt 2/2 for chat-1 (reason: Empty response)"), log.Lines);
        Assert.Contains((LogLevel.Error, 1300, "[Error] Retry failed after 3 attempts: chat-1"), log.Lines);
    }

    private static void CheckSpans(List<Activity> spans)
    {
        // Calls that were let in and made: 44 first attempts, 10 retries, 2 fallbacks; streams 3 and 1.
        Assert.Equal(60, spans.Count);
        Assert.Equal(47, spans.Count(static span => Tag(span, "reliable.attempt.number") == "1"));
        Assert.Equal(2, spans.Count(static span => Tag(span, "reliable.attempt.fallback") == "True"));
        Assert.Equal(13, spans.Count(static span => span.Links.Any()));
        Assert.All(spans, static span => Assert.Equal((ActivityKind.Client, "chat"), (span.Kind, Tag(span, "gen_ai.operation.name"))));
        Assert.Equal(16, spans.Count(static span => span.DisplayName == "chat m2"));

        string?[] verdicts = [.. spans.SelectMany(static span => span.Events).Where(static e => e.Name == "reliable.verdict").Select(static e => Tag(e, "reliable.verdict.reason"))];
        Assert.Equal(42, verdicts.Count(static reason => reason is null));
        Assert.Equal(12, verdicts.Count(static reason => reason is not null));
        Assert.Equal(6, verdicts.Count(static reason => reason == nameof(RejectionReason.EmptyResponse)));

        IEnumerable<IGrouping<string, Activity>> errors = spans.Where(static span => span.Status == ActivityStatusCode.Error).GroupBy(static span => Tag(span, "error.type")!);
        Assert.Equal(
            [
                ("ContentFilter", 1), ("EmptyResponse", 6), ("InsufficientText", 1), ("NoAssistantMessage", 1), ("System.FormatException", 1),
                ("System.Net.Http.HttpRequestException", 4), ("System.OperationCanceledException", 1), ("ToolCallsWithoutText", 1), ("ToolOutputWithoutText", 1),
                ("WhitespaceOnly", 1),
            ],
            errors.Select(static group => (group.Key, group.Count())).OrderBy(static error => error.Key, StringComparer.Ordinal));

        Activity answered = spans.First(static span => span.Status == ActivityStatusCode.Unset);
        Assert.Equal(
            ("m1", "m1-2026", "answer-1", "3", "4", "chat-1"),
            (Tag(answered, "gen_ai.request.model"), Tag(answered, "gen_ai.response.model"), Tag(answered, "gen_ai.response.id"),
                Tag(answered, "gen_ai.usage.input_tokens"), Tag(answered, "gen_ai.usage.output_tokens"), Tag(answered, "gen_ai.conversation.id")));
        Assert.Equal(["stop"], Assert.IsType<string[]>(answered.GetTagItem("gen_ai.response.finish_reasons")));
        Assert.All(spans, static span => Assert.DoesNotContain(span.TagObjects, static tag => tag.Value is "u1" or "poor" || tag.Value?.ToString()?.Contains(TelemetryScript.Secret, StringComparison.Ordinal) is true));
        Activity retried = spans.First(static span => span.Links.Any());
        Assert.Contains(spans, span => span.SpanId == retried.Links.Single().Context.SpanId && Tag(span, "reliable.attempt.number") == "1");
    }

    private static void CheckHealth(ReliableRuntime runtime, LogRecorder log)
    {
        ReliableHealth health = runtime.Health;

        // 48 calls without the denied one: 47 that ended on their own and one left by its caller.
        Assert.Equal((47, 11, 12, 11), (health.Overall.Calls, health.Overall.Retries, health.Overall.Rejections, health.Overall.RetriedCalls));
        Assert.Equal((43, 6, 1), (health.Committed, health.RolledBack, health.CommitFailures));
        Assert.Equal([("m1", 35L, 9L), ("m2", 12L, 2L)], health.Models.Select(static model => (model.Model!, model.Calls, model.Retries)));
        double expected = Math.Max(0, ((100 - (5 * 1100 / 47.0)) * 0.3) + ((100 - (20 * 600 / 49.0)) * 0.3) + (4300 / 44.0 * 0.4));
        Assert.Equal(expected, health.Score, precision: 9);
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        HealthRule[] rules = [HealthRule.RetryRate, HealthRule.ModelRetryRate, HealthRule.RollbackRate, HealthRule.RejectionRate, HealthRule.CommitFailures, HealthRule.Score];
        Assert.Equal(rules, health.Findings.Select(static finding => finding.Rule));
        Assert.All(rules, rule => Assert.Contains(log.Lines, line => line.EventId == 1700 && line.Text.StartsWith($"[Health] {rule} holds: ", StringComparison.Ordinal)));
    }

    private static OperationCanceledException Cancel(CancellationTokenSource caller)
    {
        caller.Cancel();
        return new OperationCanceledException(caller.Token);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        long since = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(30), "Not within half a minute.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    private static string? Tag(Activity span, string name) => Convert.ToString(span.GetTagItem(name), CultureInfo.InvariantCulture);

    private static string? Tag(ActivityEvent e, string name) => e.Tags.FirstOrDefault(tag => tag.Key == name).Value?.ToString();

    private sealed class SpanExporter(List<Activity> spans) : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch)
        {
            lock (spans)
            {
                foreach (Activity span in batch)
                {
                    spans.Add(span);
                }
            }

            return ExportResult.Success;
        }
    }
}
