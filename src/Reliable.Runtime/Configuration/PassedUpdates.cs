namespace Reliable;

/// <summary>Updates without answer text, which can be passed on while text is held back.</summary>
[Flags]
public enum PassedUpdates
{
    /// <summary>None: the reader sees nothing of an attempt that fails.</summary>
    None = 0,

    /// <summary>Updates with reasoning and nothing else: the model's thoughts are shown as they come, however long it thinks before it answers.</summary>
    Reasoning = 1,

    /// <summary>Updates with token counts and nothing else.</summary>
    Usage = 2,

    /// <summary>Updates without any content, and empty strings.</summary>
    Empty = 4,

    /// <summary>All of these; an update with reasoning and token counts passes, too.</summary>
    All = Reasoning | Usage | Empty,
}
