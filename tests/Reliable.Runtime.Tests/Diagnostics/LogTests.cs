using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Reliable.Calls;
using Reliable.Infrastructure;

namespace Reliable.Diagnostics;

/// <summary>Log queries and alerts of operators rely on the lines, their event ids and the names of their fields: they are added to, not changed.</summary>
public sealed partial class LogTests
{
    private static readonly IReadOnlyDictionary<int, LoggerMessageAttribute> s_lines = typeof(Log)
        .GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Select(static method => method.GetCustomAttribute<LoggerMessageAttribute>()!)
        .ToDictionary(static line => line.EventId);

    [Theory]
    [InlineData(1000, LogLevel.Debug, "[Transaction] Begin: {TransactionId} (user: {UserId}, allowed: {Allowed})")]
    [InlineData(1001, LogLevel.Debug, "[Transaction] Committed: {TransactionId} (user: {UserId}, newUsage: {Used}/{Limit})")]
    [InlineData(1002, LogLevel.Information, "[Transaction] Rolled back: {TransactionId} (user: {UserId}, reason: {Reason})")]
    [InlineData(1003, LogLevel.Information, "[Transaction] Cleanup: {Expired} expired, {Active} active")]
    [InlineData(1100, LogLevel.Warning, "[Retry] Attempt {Attempt}/{MaxAttempts} for {CorrelationId} (reason: {Reason})")]
    [InlineData(1101, LogLevel.Warning, "[Retry] Fallback attempt for {CorrelationId}")]
    [InlineData(
        1102, LogLevel.Information, "[Retry] Complete: chatId={CorrelationId}, success={Success}, attempts={Attempts}, duration={DurationMs}ms, fallback={Fallback}")]
    [InlineData(1200, LogLevel.Warning, "[Validation] Invalid response: {Reason} ({Length} chars, {MessageCount} messages)")]
    [InlineData(1300, LogLevel.Error, "[Error] Retry failed after {Attempts} attempts: {CorrelationId}")]
    [InlineData(1301, LogLevel.Error, "[Error] Transaction commit failed: {TransactionId} ({Reason})")]
    [InlineData(1700, LogLevel.Warning, "[Health] {Rule} holds: {Finding}")]
    [InlineData(1701, LogLevel.Warning, "[Health] {Rule} holds no more (model: {Model})")]
    public void Line_WhenPublished_KeepsItsIdLevelAndText(int eventId, LogLevel level, string text)
    {
        Assert.Equal((level, text), (s_lines[eventId].Level, s_lines[eventId].Message));
        Assert.Contains($"| {eventId} | {level} | `{text}`", File.ReadAllText(Repository.PathOf("docs", "monitoring.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_WhenCompared_BeginWithTheirSubject()
        => Assert.All(s_lines.Values, static line => Assert.Matches(Subject(), line.Message));

    [Fact]
    public async Task Fields_WhenALineIsWritten_AreNamed()
    {
        await using var harness = new RuntimeHarness();
        await new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers("", "a good answer")).AskAsync();

        Assert.Equal(
            [("Attempt", 2), ("MaxAttempts", 4), ("CorrelationId", "chat-1"), ("Reason", "Empty response")],
            harness.Log.Lines.Single(static line => line.EventId == 1100).Fields.Where(static field => field.Key != "{OriginalFormat}").Select(static field => (field.Key, field.Value!)));
    }

    [Theory]
    [InlineData("u1\r\n[Error] Transaction commit failed: forged")]
    [InlineData("u1\u001b[2J\u001b[31mred")]
    [InlineData("u1\u2028second line")]
    public async Task Lines_WhenValuesComeFromUsers_HaveNoControlCharacters(string value)
    {
        await using var harness = new RuntimeHarness();
        CallPolicy once = Policies.All(static retry => retry.MaxRetries = 0);
        await Assert.ThrowsAsync<RetriesExhaustedException>(
            () => new Assistant<string>(harness.Runtime, once, new ScriptedModel<string>().Answers("")) { ChatId = value, ModelId = value }.AskAsync(value));

        Assert.True(harness.Log.Lines.Count >= 5);
        Assert.All(harness.Log.Lines, static line => Assert.DoesNotContain(line.Text, static c => char.IsControl(c) || c is '\u2028' or '\u2029'));
        Assert.All(
            harness.Log.Lines.SelectMany(static line => line.Fields).Where(static field => field.Key is "UserId" or "CorrelationId"),
            static field => Assert.DoesNotContain((string)field.Value!, static c => char.IsControl(c) || c is '\u2028' or '\u2029'));
    }

    [Fact]
    public async Task Lines_WhenValuesAreLong_CutThem()
    {
        await using var harness = new RuntimeHarness();
        await new Assistant<string>(harness.Runtime, Policies.All(), new ScriptedModel<string>().Answers("", "a good answer")) { ChatId = new string('c', 10_000) }
            .AskAsync(new string('u', 10_000));

        Assert.All(harness.Log.Lines, static line => Assert.InRange(line.Text.Length, 1, 400));
    }

    [GeneratedRegex(@"^\[(Transaction|Retry|Validation|Error|Usage|Reliable|Stream|Observe|Health)\] ")]
    private static partial Regex Subject();
}
