using Microsoft.Extensions.AI;
using Reliable.Validation;

namespace Reliable.Streaming;

/// <summary>
/// A stream of chat updates is the messages that <see cref="ChatResponseExtensions.ToChatResponse(IEnumerable{ChatResponseUpdate})"/> would make of it: another author, message id
/// or role begins the next one.
/// </summary>
internal sealed class ChatStreamRules(ResponseCriteria criteria) : StreamRules<ChatResponseUpdate>(criteria)
{
    private bool _hasMessage;
    private string? _author;
    private string? _messageId;
    private ChatRole _role;

    public override void Add(ChatResponseUpdate update)
    {
        if (update is null)
        {
            // A hole in somebody else's stream is no message, and no reason to lose the answer.
            return;
        }

        if (!_hasMessage || IsOther(update.MessageId, _messageId) || IsOther(update.AuthorName, _author) || (update.Role is { } role && role != _role))
        {
            BeginMessage(update);
        }

        _author = update.AuthorName ?? _author;
        if (update.MessageId is { Length: > 0 } id)
        {
            _messageId = id;
        }

        IList<AIContent> contents = update.Contents;
        for (int i = 0; i < contents.Count; i++)
        {
            Judge.Add(contents[i]);
        }

        if (update.FinishReason is { } reason)
        {
            Judge.Refuse(reason == ChatFinishReason.ContentFilter);
        }
    }

    private static bool IsOther(string? given, string? known)
        => given is { Length: > 0 } && known is { Length: > 0 } && !ReferenceEquals(given, known) && given != known;

    private void BeginMessage(ChatResponseUpdate update)
    {
        _hasMessage = true;
        _author = null;
        _messageId = null;
        _role = update.Role ?? ChatRole.Assistant;
        Judge.BeginMessage(_role == ChatRole.Assistant);
    }
}
