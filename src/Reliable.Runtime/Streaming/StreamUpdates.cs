using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace Reliable.Streaming;

/// <summary>What is known of single updates: which may pass during a hold, and which the library sends itself.</summary>
internal static class StreamUpdates
{
    /// <summary>Whether an update has no answer text and is of a kind that may pass.</summary>
    public static bool MayPass<T>(T update, PassedUpdates allowed) => update switch
    {
        null => (allowed & PassedUpdates.Empty) != 0,
        string text => text.Length == 0 && (allowed & PassedUpdates.Empty) != 0,
        ChatResponseUpdate chat => MayPass(chat, allowed),
        _ => false,
    };

    /// <summary>Whether there are updates of this type that may pass.</summary>
    public static bool CanPass<T>(PassedUpdates allowed)
        => typeof(T) == typeof(ChatResponseUpdate) ? allowed != PassedUpdates.None : (allowed & PassedUpdates.Empty) != 0;

    /// <summary>Makes the update that tells the reader of a retry.</summary>
    public static bool TryDescribe<T>(RetryStatus status, IStreamValidator<T>? validator, [MaybeNullWhen(false)] out T update)
    {
        if (typeof(T) == typeof(ChatResponseUpdate))
        {
            update = (T)(object)new ChatResponseUpdate
            {
                AdditionalProperties = new AdditionalPropertiesDictionary { [ChatResponseUpdateExtensions.RetryStatusKey] = status },
            };
            return true;
        }

        if (typeof(T) == typeof(string))
        {
            update = (T)(object)StreamMarkers.Restart;
            return status.IsRestart;
        }

        update = default;
        return validator is not null && validator.TryDescribe(status, out update);
    }

    private static bool MayPass(ChatResponseUpdate update, PassedUpdates allowed)
    {
        if (update.FinishReason is not null)
        {
            // How the answer ended belongs to the answer.
            return false;
        }

        IList<AIContent> contents = update.Contents;
        if (contents.Count == 0)
        {
            return (allowed & PassedUpdates.Empty) != 0;
        }

        for (int i = 0; i < contents.Count; i++)
        {
            bool mayPass = contents[i] switch
            {
                TextReasoningContent => (allowed & PassedUpdates.Reasoning) != 0,
                UsageContent => (allowed & PassedUpdates.Usage) != 0,
                TextContent { Text.Length: 0 } => (allowed & PassedUpdates.Empty) != 0,
                _ => false,
            };
            if (!mayPass)
            {
                return false;
            }
        }

        return true;
    }
}
