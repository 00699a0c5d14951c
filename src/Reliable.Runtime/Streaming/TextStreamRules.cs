using Reliable.Validation;

namespace Reliable.Streaming;

/// <summary>A stream of text is one assistant message.</summary>
internal sealed class TextStreamRules : StreamRules<string>
{
    public TextStreamRules(ResponseCriteria criteria)
        : base(criteria) => Judge.BeginMessage(isAssistant: true);

    public override void Add(string update) => Judge.AddText(update);
}
