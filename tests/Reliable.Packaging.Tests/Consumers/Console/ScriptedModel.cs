using Microsoft.Extensions.AI;

/// <summary>Answers what it is told to, in order; the last answer again and again.</summary>
public sealed class ScriptedModel(params string[] answers) : IChatClient
{
    public List<string> Asked { get; } = [];

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        string answer = answers[Math.Min(Asked.Count, answers.Length - 1)];
        Asked.Add($"{options?.MaxOutputTokens}: {string.Join(" / ", messages.Select(m => m.Role + " " + m.Text))}");
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, answer)));
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
