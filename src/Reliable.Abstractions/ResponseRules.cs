namespace Reliable;

/// <summary>The built-in rules by which an answer is judged. That there is an assistant message at all is always required.</summary>
[Flags]
public enum ResponseRules
{
    /// <summary>Only that there is an assistant message.</summary>
    None = 0,

    /// <summary>At least one assistant message has content.</summary>
    NotEmpty = 1,

    /// <summary>Text that is there has a visible character.</summary>
    NotWhitespace = 2,

    /// <summary>Tool calls come with an output or a text.</summary>
    NoToolCallsOnly = 4,

    /// <summary>Text follows the last tool output.</summary>
    ToolOutputsExplained = 8,

    /// <summary>All assistant messages together have the minimum of visible characters.</summary>
    MinText = 16,

    /// <summary>All rules.</summary>
    All = NotEmpty | NotWhitespace | NoToolCallsOnly | ToolOutputsExplained | MinText,
}
