namespace Reliable;

/// <summary>What was counted in an answer while it was judged.</summary>
/// <param name="AssistantMessageCount">The number of assistant messages.</param>
/// <param name="TotalTextLength">The visible characters of all assistant messages, counted as <see cref="string.Length"/> counts.</param>
/// <param name="HasToolOutputs">Whether there is a tool output anywhere in the answer.</param>
/// <param name="EmptyMessages">The number of assistant messages without any content.</param>
/// <param name="ToolCallsWithoutText">The number of assistant messages with a tool call and no visible text.</param>
public readonly record struct ResponseMetrics(
    int AssistantMessageCount,
    int TotalTextLength,
    bool HasToolOutputs,
    int EmptyMessages,
    int ToolCallsWithoutText);
