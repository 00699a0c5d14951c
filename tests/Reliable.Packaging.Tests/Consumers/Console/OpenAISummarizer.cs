public sealed class OpenAISummarizer : ISummarizer
{
    public string Name => "OpenAI";

    public Task<string> SummarizeAsync(string userId, string text, CancellationToken cancellationToken = default)
        => Task.FromResult("In short: " + text);
}
