using Microsoft.Extensions.AI;
using Reliable;

namespace ChatQuota.Model;

/// <summary>
/// Answers customers' questions. The three attributes are all it takes: an answer that is not good enough is asked for again, and the user's counter moves
/// exactly once for each answer that is.
/// </summary>
internal sealed partial class SupportAssistant(IChatClient chat, ReliableRuntime reliable)
{
    /// <summary>The model that is asked: metrics tell models apart by the parameter <c>modelId</c>.</summary>
    public string ModelId { get; } = chat.GetService<ChatClientMetadata>()?.DefaultModelId ?? "unknown";

    [Retry(MaxRetries = 3, BackoffMs = [1000, 2000, 4000], Fallback = nameof(AskSimplyAsync))]
    [ValidateResponse(MinLength = 10)]
    [UsageTransaction(Counter = "requests")]
    public partial Task<ChatResponse> AskAsync(string userId, string question, string modelId, CancellationToken cancellationToken = default);

    // The model call itself: same name with Core, same parameters, and an AttemptContext.
    private async Task<ChatResponse> AskCoreAsync(string userId, string question, string modelId, AttemptContext attempt, CancellationToken cancellationToken)
    {
        ChatResponse response = await chat.GetResponseAsync(question, SupportTools.Full, cancellationToken);
        return AttemptNote.Attach(response, attempt);
    }

    // The last resort: fewer tools, and a word to the model about what went wrong before.
    private async Task<ChatResponse> AskSimplyAsync(string userId, string question, string modelId, AttemptContext attempt, CancellationToken cancellationToken)
    {
        ChatMessage[] messages = [new(ChatRole.System, attempt.Guidance), new(ChatRole.User, question)];
        ChatResponse response = await chat.GetResponseAsync(messages, SupportTools.Essential, cancellationToken);
        return AttemptNote.Attach(response, attempt);
    }
}
