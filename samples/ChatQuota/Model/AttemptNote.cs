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

    public static AttemptNote Of(ChatResponse response)
        => response.AdditionalProperties?.TryGetValue(Key, out AttemptNote note) == true ? note : new AttemptNote(1, IsFallback: false);
}
