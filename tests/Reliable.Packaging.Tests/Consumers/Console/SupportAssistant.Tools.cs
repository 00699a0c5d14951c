using Microsoft.Extensions.AI;

partial class SupportAssistant
{
    private static ChatOptions FullTools { get; } = new() { MaxOutputTokens = 1000 };

    private static ChatOptions EssentialTools { get; } = new() { MaxOutputTokens = 100 };
}
