using Microsoft.Extensions.AI;
using Reliable;

namespace ChatQuota.Model;

/// <summary>Which attempt an answer came from. It travels with the answer, so that the API can tell without keeping state of its own.</summary>
internal readonly record struct AttemptNote(int Number, bool IsFallback)
{
    private const string Key = "chatquota.attempt";

    public static ChatResponse Attach(ChatResponse response, AttemptContext attempt)
    {
        (response.AdditionalProperties ??= [])[Key] = new AttemptNote(attempt.Number, attempt.IsFallback);
        return response;
    }

    /// <summary>Notes the attempt on the first update.</summary>
    public static async IAsyncEnumerable<ChatResponseUpdate> Attach(IAsyncEnumerable<ChatResponseUpdate> updates, AttemptContext attempt)
    {
        bool isFirst = true;
        await foreach (ChatResponseUpdate update in updates)
        {
            if (isFirst)
            {
                (update.AdditionalProperties ??= [])[Key] = new AttemptNote(attempt.Number, attempt.IsFallback);
                isFirst = false;
            }

            yield return update;
        }
    }

    /// <summary>The note on an update; <see langword="null"/> when it has none.</summary>
    public static AttemptNote? On(ChatResponseUpdate update)
        => update.AdditionalProperties?.TryGetValue(Key, out AttemptNote note) == true ? note : null;

    public static AttemptNote Of(ChatResponse response)
        => response.AdditionalProperties?.TryGetValue(Key, out AttemptNote note) == true ? note : new AttemptNote(1, IsFallback: false);
}
