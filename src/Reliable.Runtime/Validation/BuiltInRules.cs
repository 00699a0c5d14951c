using Microsoft.Extensions.AI;

namespace Reliable.Validation;

/// <summary>Feeds the answers Reliable understands to a <see cref="ResponseJudge"/>.</summary>
internal static class BuiltInRules
{
    /// <summary>Judges one answer; the metrics are filled in for a rejection, and for every verdict when <paramref name="exact"/> is set.</summary>
    /// <remarks>An answer of a type these rules do not understand is valid here: only its own validator can judge it.</remarks>
    public static ValidationResult Judge(object? response, ResponseCriteria criteria, bool exact = false)
    {
        if (!exact)
        {
            if (AcceptsAtSight(response, criteria))
            {
                return ValidationResult.Valid;
            }

            // The quick judge stops counting when the verdict is certain; a rejection is judged again, for its metrics.
            var quick = new ResponseJudge(criteria, exact: false);
            if (!Feed(ref quick, response) || quick.Complete() == RejectionReason.None)
            {
                return ValidationResult.Valid;
            }
        }

        var judge = new ResponseJudge(criteria, exact: true);
        Feed(ref judge, response);
        return judge.Describe(judge.Complete());
    }

    /// <summary>Whether an answer is of the most usual form, one text that is good by its first characters; <see langword="false"/> says nothing.</summary>
    public static bool AcceptsAtSight(object? response, ResponseCriteria criteria)
    {
        if (response is string text)
        {
            return ProvesItself(text, criteria);
        }

        return response is ChatResponse { Messages: { Count: 1 } messages } chat
            && chat.FinishReason != ChatFinishReason.ContentFilter
            && messages[0] is { Contents: { Count: 1 } contents } message
            && message.Role == ChatRole.Assistant
            && contents[0] is TextContent content
            && ProvesItself(content.Text, criteria);
    }

    // As many printable characters as are asked for, and none of them to be trimmed.
    private static bool ProvesItself(ReadOnlySpan<char> text, ResponseCriteria criteria)
    {
        int needed = Math.Max(criteria.MinLength, 1);
        if (text.Length < needed || text[0] == ' ')
        {
            return false;
        }

        while (text[needed - 1] == ' ')
        {
            if (needed++ == text.Length)
            {
                return false;
            }
        }

        return !text[..needed].ContainsAnyExceptInRange(' ', '~');
    }

    private static bool Feed(ref ResponseJudge judge, object? response)
    {
        switch (response)
        {
            case null:
                return true;
            case string text:
                judge.BeginMessage(isAssistant: true);
                judge.AddText(text);
                return true;
            case ChatResponse chat:
                FeedMessages(ref judge, chat.Messages);
                if (chat.FinishReason == ChatFinishReason.ContentFilter)
                {
                    judge.Refuse();
                }

                return true;
            case ChatMessage message:
                FeedMessage(ref judge, message);
                return true;
            case IEnumerable<ChatMessage> messages:
                FeedMessages(ref judge, messages);
                return true;
            default:
                return false;
        }
    }

    private static void FeedMessages(ref ResponseJudge judge, IEnumerable<ChatMessage> messages)
    {
        // By index where it is possible: the enumerator of an interface is an allocation.
        if (messages is IList<ChatMessage> list)
        {
            for (int i = 0; i < list.Count; i++)
            {
                FeedMessage(ref judge, list[i]);
            }

            return;
        }

        foreach (ChatMessage message in messages)
        {
            FeedMessage(ref judge, message);
        }
    }

    private static void FeedMessage(ref ResponseJudge judge, ChatMessage? message)
    {
        if (message is null)
        {
            // A hole in somebody else's list is no message, and no reason to lose the answer.
            return;
        }

        judge.BeginMessage(message.Role == ChatRole.Assistant);
        IList<AIContent> contents = message.Contents;
        for (int i = 0; i < contents.Count; i++)
        {
            judge.Add(contents[i]);
        }
    }
}
