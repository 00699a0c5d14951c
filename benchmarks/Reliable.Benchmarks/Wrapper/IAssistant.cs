namespace Reliable.Benchmarks.Wrapper;

/// <summary>What is wrapped from outside: by the generated decorator, and by proxies, to which the attributes say nothing.</summary>
public interface IAssistant
{
    [Retry(BackoffMs = [0]), ValidateResponse, UsageTransaction]
    Task<string> AskAsync(string userId, string question, CancellationToken cancellationToken);

    [Retry(BackoffMs = [0]), ValidateResponse, UsageTransaction]
    ValueTask<string> AskValueAsync(string userId, string question, CancellationToken cancellationToken);
}
