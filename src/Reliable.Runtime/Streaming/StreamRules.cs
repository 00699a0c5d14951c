using Reliable.Validation;

namespace Reliable.Streaming;

/// <summary>The built-in rules over the updates of one attempt. Each update is looked at once.</summary>
internal abstract class StreamRules<T>(ResponseCriteria criteria)
{
    /// <summary>The machine that judges collected answers, too: fed with the same contents, it comes to the same verdict.</summary>
    protected ResponseJudge Judge = new(criteria, exact: true);

    /// <summary>The rules for updates of this type; <see langword="null"/> when there are none.</summary>
    public static StreamRules<T>? For(ResponseCriteria criteria)
    {
        if (typeof(T) == typeof(string))
        {
            return (StreamRules<T>)(object)new TextStreamRules(criteria);
        }

        return typeof(T) == typeof(Microsoft.Extensions.AI.ChatResponseUpdate) ? (StreamRules<T>)(object)new ChatStreamRules(criteria) : null;
    }

    /// <summary>What would be wrong with the answer if it ended here.</summary>
    public RejectionReason Reason => Judge.Peek();

    public abstract void Add(T update);

    public ValidationResult Complete() => Judge.Describe(Judge.Complete());
}
