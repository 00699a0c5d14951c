using Microsoft.Extensions.AI;
using Reliable;
using Reliable.Calls;

namespace ChatQuota.Model;

// The same question, with an answer that is shown while it is being written.
internal sealed partial class SupportAssistant
{
    private static readonly CallPolicy s_streamAsyncPolicy = CallPolicy.Create(
        operation: "SupportAssistant.StreamAsync",
        retry: new RetryAttribute { MaxRetries = 3, BackoffMs = [1000, 2000, 4000], Fallback = nameof(StreamSimplyAsync) },
        validation: new ValidateResponseAttribute { MinLength = 10 },
        usage: new UsageTransactionAttribute { Counter = "requests" });

    public IAsyncEnumerable<ChatResponseUpdate> StreamAsync(string userId, string question, CancellationToken cancellationToken = default)
        => CallRunner.StreamAsync(
            reliable,
            s_streamAsyncPolicy,
            (self: this, userId, question),
            static (state, attempt, token) => state.self.StreamCoreAsync(state.userId, state.question, attempt, token),
            fallback: static (state, attempt, token) => state.self.StreamSimplyAsync(state.userId, state.question, attempt, token),
            userId: userId,
            cancellationToken: cancellationToken);

    private IAsyncEnumerable<ChatResponseUpdate> StreamCoreAsync(string userId, string question, AttemptContext attempt, CancellationToken cancellationToken)
        => AttemptNote.Attach(chat.GetStreamingResponseAsync(question, SupportTools.Full, cancellationToken), attempt);

    private IAsyncEnumerable<ChatResponseUpdate> StreamSimplyAsync(string userId, string question, AttemptContext attempt, CancellationToken cancellationToken)
    {
        ChatMessage[] messages = [new(ChatRole.System, attempt.Guidance), new(ChatRole.User, question)];
        return AttemptNote.Attach(chat.GetStreamingResponseAsync(messages, SupportTools.Essential, cancellationToken), attempt);
    }
}
