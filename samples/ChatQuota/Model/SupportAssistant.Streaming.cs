using Microsoft.Extensions.AI;
using Reliable;

namespace ChatQuota.Model;

// The same question, with an answer that is shown while it is being written.
internal sealed partial class SupportAssistant
{
    [Retry(MaxRetries = 3, BackoffMs = [1000, 2000, 4000], Fallback = nameof(StreamSimplyAsync))]
    [ValidateResponse(MinLength = 10)]
    [UsageTransaction(Counter = "requests")]
    public partial IAsyncEnumerable<ChatResponseUpdate> StreamAsync(string userId, string question, string modelId, CancellationToken cancellationToken = default);

    private IAsyncEnumerable<ChatResponseUpdate> StreamCoreAsync(string userId, string question, string modelId, AttemptContext attempt, CancellationToken cancellationToken)
        => AttemptNote.Attach(chat.GetStreamingResponseAsync(question, SupportTools.Full, cancellationToken), attempt);

    private IAsyncEnumerable<ChatResponseUpdate> StreamSimplyAsync(string userId, string question, string modelId, AttemptContext attempt, CancellationToken cancellationToken)
    {
        ChatMessage[] messages = [new(ChatRole.System, attempt.Guidance), new(ChatRole.User, question)];
        return AttemptNote.Attach(chat.GetStreamingResponseAsync(messages, SupportTools.Essential, cancellationToken), attempt);
    }
}
