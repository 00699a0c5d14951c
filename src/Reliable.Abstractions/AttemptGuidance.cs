namespace Reliable;

/// <summary>The sentences of <see cref="AttemptContext.Guidance"/>. Constants, so that reading them allocates nothing.</summary>
internal static class AttemptGuidance
{
    private const string Plain =
        "Answer the user's question directly, in plain text and in complete sentences. ";

    public static string For(AttemptFailure? previous, bool isFallback)
    {
        if (previous is null && !isFallback)
        {
            return "";
        }

        return previous?.Reason switch
        {
            RejectionReason.ToolCallsWithoutText =>
                Plain + "The previous attempt only called tools. Use a tool only if you cannot answer without it, and always explain the result in text.",
            RejectionReason.ToolOutputWithoutText =>
                Plain + "The previous attempt ended with the output of a tool. Explain in text what the output means for the user.",
            RejectionReason.InsufficientText =>
                Plain + "The previous attempt was too short to be useful. Give a complete answer.",
            RejectionReason.NoAssistantMessage or RejectionReason.EmptyResponse or RejectionReason.WhitespaceOnly =>
                Plain + "The previous attempt contained no visible text. Do not return an empty message.",
            RejectionReason.Custom =>
                Plain + "The previous attempt did not have the required form. Keep to the instructions you were given.",
            _ =>
                Plain + "The previous attempt failed for technical reasons. Prefer a short, simple answer without tools.",
        };
    }
}
