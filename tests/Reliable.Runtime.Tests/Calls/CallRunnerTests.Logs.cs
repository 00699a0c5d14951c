using Microsoft.Extensions.Logging;
using Reliable.Infrastructure;

namespace Reliable.Calls;

public sealed partial class CallRunnerTests
{
    [Theory]
    [InlineData(LogLevel.Information, 3, 1, 1)]
    [InlineData(LogLevel.Warning, 3, 0, 1)]
    [InlineData(LogLevel.Error, 0, 0, 1)]
    [InlineData(LogLevel.Critical, 0, 0, 0)]
    public async Task Run_WhenAllAttemptsFail_WritesTheLinesOfItsLevel(LogLevel minimum, int attempts, int complete, int failed)
    {
        await using var harness = new RuntimeHarness(logLevel: minimum);

        await Assert.ThrowsAsync<RetriesExhaustedException>(
            () => new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers("")).AskAsync());

        Assert.Equal(
            (attempts, complete, failed),
            (harness.Log.Of("[Retry] Attempt").Count(), harness.Log.Of("[Retry] Complete").Count(), harness.Log.Of("[Error] Retry failed").Count()));
    }

    [Fact]
    public async Task Logs_OfARescuedCall_AreThoseOfTheContract()
    {
        await using var harness = new RuntimeHarness(o => o.Usage.DefaultLimit = 50);
        var model = new ScriptedModel<string>().Answers("", Good);
        await new Assistant<string>(harness.Runtime, Policies.All(r => r.BackoffMs = [3500]), model).AskAsync();

        string id = model.Seen[0].TransactionId!;
        Assert.Equal(
            [
                $"[Transaction] Begin: {id} (user: u1, allowed: True)",
                "[Validation] Invalid response: Empty response (0 chars, 1 messages)",
                "[Retry] Attempt 2/4 for chat-1 (reason: Empty response)",
                $"[Transaction] Committed: {id} (user: u1, newUsage: 1/50)",
                "[Retry] Complete: chatId=chat-1, success=True, attempts=2, duration=3500ms, fallback=False",
            ],
            harness.Log.Texts);
        Assert.Equal([1000, 1200, 1100, 1001, 1102], harness.Log.Lines.Select(line => line.EventId));
    }

    [Fact]
    public async Task Logs_OfAnExhaustedCall_AreThoseOfTheContract()
    {
        await using var harness = new RuntimeHarness();
        var model = new ScriptedModel<string>().Answers("  ");
        var assistant = new Assistant<string>(
            harness.Runtime, Policies.All(r => (r.MaxRetries, r.BackoffMs) = (1, [100])), model, new ScriptedModel<string>().Throws(new TimeoutException()));

        await Assert.ThrowsAsync<RetriesExhaustedException>(() => assistant.AskAsync());

        string id = model.Seen[0].TransactionId!;
        Assert.Equal(
            [
                $"[Transaction] Begin: {id} (user: u1, allowed: True)",
                "[Validation] Invalid response: Whitespace-only content (0 chars, 1 messages)",
                "[Retry] Attempt 2/2 for chat-1 (reason: Whitespace-only content)",
                "[Validation] Invalid response: Whitespace-only content (0 chars, 1 messages)",
                "[Retry] Fallback attempt for chat-1",
                $"[Transaction] Rolled back: {id} (user: u1, reason: All retries failed)",
                "[Error] Retry failed after 3 attempts: chat-1",
                "[Retry] Complete: chatId=chat-1, success=False, attempts=3, duration=100ms, fallback=True",
            ],
            harness.Log.Texts);
        Assert.Equal(LogLevel.Error, harness.Log.Lines.Single(line => line.EventId == 1300).Level);
    }

    [Fact]
    public async Task Logs_WhenThereIsNoChat_NameTheTransaction()
    {
        await using var harness = new RuntimeHarness();
        var model = new ScriptedModel<string>().Answers("", Good);
        await new Assistant<string>(harness.Runtime, Policies.All(), model) { ChatId = null }.AskAsync();

        Assert.Contains($"[Retry] Attempt 2/4 for {model.Seen[0].TransactionId} (reason: Empty response)", harness.Log.Texts);
    }

    [Fact]
    public async Task Logs_WhenValuesHaveLineBreaks_StayOnOneLine()
    {
        await using var harness = new RuntimeHarness();
        var model = new ScriptedModel<string>()
            .Throws(new RetryableException("busy\r\n[Error] Forged line"))
            .Answers("a rejected answer", Good);
        CallPolicy policy = CallPolicy.Create(
            Policies.Operation,
            Policies.Retry,
            Policies.Validate,
            Policies.Usage,
            static () => new DelegateValidator(static text => text == Good ? ValidationResult.Valid : ValidationResult.Reject("bad\nform\u2028\u0085\u001b[31m")));
        var assistant = new Assistant<string>(harness.Runtime, policy, model) { ChatId = "chat\n[Error] Forged" };

        await assistant.AskAsync("evil\r\nuser");

        Assert.All(harness.Log.Texts, text => Assert.DoesNotContain(text, c => char.IsControl(c) || c is '\u2028' or '\u2029'));
        Assert.Contains(harness.Log.Texts, text => text.Contains("(user: evil__user,", StringComparison.Ordinal));
        Assert.Contains("[Retry] Attempt 2/4 for chat_[Error] Forged (reason: busy__[Error] Forged line)", harness.Log.Texts);
        Assert.Equal(1, await harness.UsedAsync("evil\r\nuser"));
    }

    [Fact]
    public async Task Logs_NeverHoldWhatTheModelSaid()
    {
        await using var harness = new RuntimeHarness();
        var model = new ScriptedModel<string>().Answers("secret").Throws(new HttpRequestException("secret in an exception")).Answers("another secret answer");

        await new Assistant<string>(harness.Runtime, Policies.All(), model).AskAsync();

        Assert.All(harness.Log.Texts, text => Assert.DoesNotContain("secret", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_OfEveryOutcome_AreCountedOnce()
    {
        await using var harness = new RuntimeHarness(o => o.Usage.DefaultLimit = 3);
        CallPolicy policy = Policies.All(r => (r.MaxRetries, r.BackoffMs) = (1, [0]));
        Task<string> AskAsync(ScriptedModel<string> model, ScriptedModel<string>? fallback = null, string user = "u1")
            => new Assistant<string>(harness.Runtime, policy, model, fallback) { ModelId = "gpt-x" }.AskAsync(user);

        await AskAsync(new ScriptedModel<string>().Answers(Good));
        await AskAsync(new ScriptedModel<string>().Answers("abc", Good));
        await AskAsync(new ScriptedModel<string>().Answers(""), new ScriptedModel<string>().Answers(Good));
        await Assert.ThrowsAsync<UsageLimitExceededException>(() => AskAsync(new ScriptedModel<string>().Answers(Good)));
        await Assert.ThrowsAsync<RetriesExhaustedException>(() => AskAsync(new ScriptedModel<string>().Answers(""), new ScriptedModel<string>().Answers(""), "u2"));
        await Assert.ThrowsAsync<FormatException>(() => AskAsync(new ScriptedModel<string>().Throws(new FormatException()), user: "u2"));

        foreach ((string outcome, int count) in (ReadOnlySpan<(string, int)>)[("success", 2), ("fallback", 1), ("denied", 1), ("exhausted", 1), ("error", 1)])
        {
            Assert.Equal(count, harness.Meters.Sum("reliable.requests", "outcome", outcome));
        }

        Assert.Equal(6, harness.Meters.Sum("reliable.requests"));
        Assert.Equal(3, harness.Meters.Sum("reliable.retry.attempts"));
        Assert.Equal(1, harness.Meters.Sum("reliable.validation.failures", "reason", "InsufficientText"));
        Assert.Equal(5, harness.Meters.Sum("reliable.validation.failures", "reason", "EmptyResponse"));
        Assert.Equal(3, harness.Meters.Sum("reliable.transactions.committed"));
        Assert.Equal(1, harness.Meters.Sum("reliable.transactions.rollbacks", "reason", "All retries failed"));
        Assert.Equal(1, harness.Meters.Sum("reliable.transactions.rollbacks", "reason", "Error that is not retried"));
        Assert.Equal(1, harness.Meters.Sum("reliable.fallback.attempts", "outcome", "success"));
        Assert.Equal(1, harness.Meters.Sum("reliable.fallback.attempts", "outcome", "failure"));
        Assert.Equal(3, harness.Meters.Count("reliable.retry.duration"));
        foreach (Measurement measurement in harness.Meters.All.Where(m => m.Name == "reliable.requests"))
        {
            Assert.Equal(Policies.Operation, measurement.Tag("reliable.operation"));
            Assert.Equal("gpt-x", measurement.Tag("gen_ai.request.model"));
        }

        Assert.All(harness.Meters.All, m => Assert.DoesNotContain(m.Tags, tag => tag.Value is "u1" or "u2"));
    }

    [Fact]
    public async Task Metrics_WhenTheCallNeverBegins_CountItAsAnError()
    {
        await using var harness = new RuntimeHarness();

        await Assert.ThrowsAsync<ArgumentException>(
            () => new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers(Good)).AskAsync(""));

        Assert.Equal(1, harness.Meters.Sum("reliable.requests", "outcome", "error"));
    }

    [Fact]
    public async Task Metrics_OfTheOverhead_HaveEveryPhase()
    {
        await using var harness = new RuntimeHarness();
        await new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers(Good)).AskAsync();

        Assert.All((string[])["begin", "validate", "commit"], phase => Assert.Equal(1, harness.Meters.Count("reliable.overhead", "phase", phase)));
    }

    [Fact]
    public async Task Metrics_OfOpenTransactions_AreObserved()
    {
        await using var harness = new RuntimeHarness();
        await harness.Runtime.Usage.BeginAsync("u1");

        harness.Meters.Observe();

        Assert.Equal(1, harness.Meters.All.Last(m => m.Name == "reliable.transactions.active").Value);
    }
}
