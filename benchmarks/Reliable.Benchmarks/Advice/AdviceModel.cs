using Microsoft.Extensions.AI;
using Reliable.Benchmarks.Wrapper;

namespace Reliable.Benchmarks.Advice;

/// <summary>Both methods of each pair of advice, good and bad, around one model.</summary>
public sealed partial class AdviceModel(Model model, ReliableRuntime reliable)
{
    // As a collected stream leaves it.
    private static readonly Task<ChatResponse> s_parts = Task.FromResult(new ChatResponse(
        new ChatMessage(ChatRole.Assistant, [.. Enumerable.Range(0, 100).Select(static i => new TextContent($"Step {i} is done. "))])));

    [Retry(BackoffMs = [0]), ValidateResponse, UsageTransaction]
    public partial Task<string> HandOnAsync(string userId, CancellationToken cancellationToken = default);

    [Retry(BackoffMs = [0]), ValidateResponse, UsageTransaction]
    public partial Task<string> AwaitAsync(string userId, CancellationToken cancellationToken = default);

    [Retry(BackoffMs = [0], AttemptTimeoutMs = 30_000), ValidateResponse, UsageTransaction]
    public partial Task<string> WithTimeoutAsync(string userId, CancellationToken cancellationToken = default);

    [Retry(BackoffMs = [0]), ValidateResponse(Validator = typeof(LastPartValidator)), UsageTransaction]
    public partial Task<ChatResponse> JudgeLastPartAsync(string userId, CancellationToken cancellationToken = default);

    [Retry(BackoffMs = [0]), ValidateResponse(Validator = typeof(WholeTextValidator)), UsageTransaction]
    public partial Task<ChatResponse> JudgeWholeTextAsync(string userId, CancellationToken cancellationToken = default);

    [Retry(BackoffMs = [0]), ValidateResponse(Validator = typeof(AskingValidator)), UsageTransaction]
    public partial Task<ChatResponse> JudgeAsynchronouslyAsync(string userId, CancellationToken cancellationToken = default);

    private Task<string> HandOnCoreAsync(string userId, CancellationToken cancellationToken) => model.AskAsync();

    private async Task<string> AwaitCoreAsync(string userId, CancellationToken cancellationToken) => await model.AskAsync();

    private Task<string> WithTimeoutCoreAsync(string userId, CancellationToken cancellationToken) => model.AskAsync();

    private static Task<ChatResponse> JudgeLastPartCoreAsync(string userId, CancellationToken cancellationToken) => s_parts;

    private static Task<ChatResponse> JudgeWholeTextCoreAsync(string userId, CancellationToken cancellationToken) => s_parts;

    private static Task<ChatResponse> JudgeAsynchronouslyCoreAsync(string userId, CancellationToken cancellationToken) => s_parts;
}
