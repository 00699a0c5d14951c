using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Reliable.Calls;

namespace Reliable.Integration.Tests.Telemetry;

/// <summary>Calls whose every attempt is written down beforehand.</summary>
internal sealed class TelemetryScript(ReliableRuntime runtime)
{
    public const string Operation = "Script.AskAsync";
    public const string StreamOperation = "Script.StreamAsync";

    /// <summary>In every answer, so that it can be looked for where it must not be.</summary>
    public const string Secret = "opensesame";

    private static readonly CallPolicy s_policy = CallPolicy.Create(
        Operation, new RetryAttribute { MaxRetries = 1, BackoffMs = [1] }, new ValidateResponseAttribute(), new UsageTransactionAttribute());

    private static readonly CallPolicy s_streamPolicy = CallPolicy.Create(
        StreamOperation, new RetryAttribute { MaxRetries = 1, BackoffMs = [1] }, new ValidateResponseAttribute(), new UsageTransactionAttribute());

    public static ChatResponse Good => Answer(new ChatMessage(ChatRole.Assistant, $"A good answer: {Secret}."));

    public static ChatResponse Empty => Answer(new ChatMessage(ChatRole.Assistant, ""));

    public static ChatResponse Refused => new(new ChatMessage(ChatRole.Assistant, "")) { FinishReason = ChatFinishReason.ContentFilter };

    /// <summary>An answer that is rejected for each reason of the built-in rules.</summary>
    public static IReadOnlyDictionary<RejectionReason, ChatResponse> Rejected => new Dictionary<RejectionReason, ChatResponse>
    {
        [RejectionReason.NoAssistantMessage] = new([]),
        [RejectionReason.EmptyResponse] = Empty,
        [RejectionReason.WhitespaceOnly] = Answer(new ChatMessage(ChatRole.Assistant, " \n ")),
        [RejectionReason.ToolCallsWithoutText] = Answer(new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("1", Secret)])),
        [RejectionReason.ToolOutputWithoutText] = Answer(
            new ChatMessage(ChatRole.Assistant, $"First I look it up: {Secret}."), new ChatMessage(ChatRole.Tool, [new FunctionResultContent("1", Secret)])),
        [RejectionReason.InsufficientText] = Answer(new ChatMessage(ChatRole.Assistant, "abc")),
    };

    /// <summary>Makes one call; each step answers one attempt, the last one also all that follow.</summary>
    public Task<ChatResponse> AskAsync(string userId, string model, Func<ChatResponse>? fallback, params Func<ChatResponse>[] steps)
        => AskAsync(userId, model, fallback, CancellationToken.None, steps);

    public Task<ChatResponse> AskAsync(string userId, string model, Func<ChatResponse>? fallback, CancellationToken cancellationToken, params Func<ChatResponse>[] steps)
        => CallRunner.RunAsync(
            runtime,
            s_policy,
            (steps, fallback),
            static async (state, attempt, _) =>
            {
                await Task.Yield();
                return state.steps[Math.Min(attempt.Number, state.steps.Length) - 1]();
            },
            fallback is null ? null : static (state, _, _) => Task.FromResult(state.fallback!()),
            userId,
            model,
            correlationId: "chat-1",
            cancellationToken: cancellationToken);

    /// <summary>Reads one stream to its end; each attempt's updates are one array, and <see langword="null"/> breaks the connection.</summary>
    public async Task StreamAsync(string userId, string model, params string?[][] attempts)
    {
        IAsyncEnumerable<string> stream = CallRunner.StreamAsync(
            runtime,
            s_streamPolicy,
            attempts,
            static (state, attempt, token) => UpdatesAsync(state[Math.Min(attempt.Number, state.Length) - 1], token),
            userId: userId,
            modelId: model);
        await foreach (string update in stream)
        {
            Assert.NotNull(update);
        }
    }

    private static async IAsyncEnumerable<string> UpdatesAsync(string?[] updates, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string? update in updates)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return update ?? throw new HttpRequestException("The connection broke.");
        }
    }

    private static ChatResponse Answer(params ChatMessage[] messages) => new(messages)
    {
        ModelId = "m1-2026",
        ResponseId = "answer-1",
        FinishReason = ChatFinishReason.Stop,
        Usage = new UsageDetails { InputTokenCount = 3, OutputTokenCount = 4 },
    };
}
