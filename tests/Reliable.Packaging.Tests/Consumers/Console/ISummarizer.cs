using Reliable;

public interface ISummarizer
{
    [Retry, ValidateResponse, UsageTransaction]
    Task<string> SummarizeAsync(string userId, string text, CancellationToken cancellationToken = default);
    string Name { get; }                                      // not annotated: forwarded as it is
}
