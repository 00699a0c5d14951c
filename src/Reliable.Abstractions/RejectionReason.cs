namespace Reliable;

/// <summary>Why an answer was rejected.</summary>
public enum RejectionReason
{
    /// <summary>It was not rejected.</summary>
    None = 0,

    /// <summary>There is no assistant message at all.</summary>
    NoAssistantMessage,

    /// <summary>Every assistant message is empty.</summary>
    EmptyResponse,

    /// <summary>There is text, but no visible character in it.</summary>
    WhitespaceOnly,

    /// <summary>Tool calls without an output and without text.</summary>
    ToolCallsWithoutText,

    /// <summary>Tool outputs that no text follows.</summary>
    ToolOutputWithoutText,

    /// <summary>Fewer visible characters than required.</summary>
    InsufficientText,

    /// <summary>An application's own validator rejected the answer.</summary>
    Custom,

    /// <summary>The model refused for reasons of policy. Such an answer is neither retried nor charged, and is returned as it is.</summary>
    ContentFilter,
}
