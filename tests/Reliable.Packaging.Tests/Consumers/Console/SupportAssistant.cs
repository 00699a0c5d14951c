using Microsoft.Extensions.AI;
using Reliable;

public sealed partial class SupportAssistant(IChatClient chat, ReliableRuntime reliable)
{
    [Retry(MaxRetries = 3, BackoffMs = [1000, 2000, 4000], Fallback = nameof(AskSimplyAsync))]
    [ValidateResponse(MinLength = 10)]
    [UsageTransaction(Counter = "requests")]
    public partial Task<ChatResponse> AskAsync(
        string userId, string question, CancellationToken cancellationToken = default);

    // the model call itself: same name with Core, same parameters, and an AttemptContext if it wants one
    private Task<ChatResponse> AskCoreAsync(
        string userId, string question, AttemptContext attempt, CancellationToken cancellationToken)
        => chat.GetResponseAsync(question, FullTools, cancellationToken);

    // the last resort: same parameters as Core
    private Task<ChatResponse> AskSimplyAsync(
        string userId, string question, AttemptContext attempt, CancellationToken cancellationToken)
        => chat.GetResponseAsync([new(ChatRole.System, attempt.Guidance), new(ChatRole.User, question)], EssentialTools, cancellationToken);
}
