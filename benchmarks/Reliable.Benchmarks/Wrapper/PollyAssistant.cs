using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Polly;
using Polly.Retry;

namespace Reliable.Benchmarks.Wrapper;

/// <summary>What is usually written: everything inside a Polly pipeline, open transactions in a dictionary by <see cref="Guid"/>, counters in another.</summary>
public sealed class PollyAssistant : IDisposable
{
    private readonly Model _model;
    private readonly Meter _meter = new("Polly");
    private readonly Counter<long> _requests;
    private readonly ConcurrentDictionary<Guid, OpenTransaction> _transactions = new();
    private readonly ConcurrentDictionary<string, long> _counters = new();
    private readonly ResiliencePipeline<string> _pipeline = new ResiliencePipelineBuilder<string>()
        .AddRetry(new RetryStrategyOptions<string>
        {
            MaxRetryAttempts = 3,
            Delay = TimeSpan.FromSeconds(1),
            ShouldHandle = static arguments => new(arguments.Outcome.Exception is HttpRequestException || !IsGood(arguments.Outcome.Result)),
        })
        .Build();

    public PollyAssistant(Model model)
    {
        _model = model;
        _requests = _meter.CreateCounter<long>("requests");
    }

    public async Task<string> AskAsync(string userId, CancellationToken cancellationToken)
    {
        Guid id = Begin(userId);
        try
        {
            string response = await _pipeline.ExecuteAsync(async _ => await _model.AskAsync().ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            Commit(id);
            return response;
        }
        catch
        {
            _transactions.TryRemove(id, out _);
            throw;
        }
    }

    public async ValueTask<string> AskValueAsync(string userId, CancellationToken cancellationToken)
    {
        Guid id = Begin(userId);
        try
        {
            string response = await _pipeline.ExecuteAsync(_ => _model.AskValueAsync(), cancellationToken).ConfigureAwait(false);
            Commit(id);
            return response;
        }
        catch
        {
            _transactions.TryRemove(id, out _);
            throw;
        }
    }

    public void Dispose() => _meter.Dispose();

    private static bool IsGood(string? response) => !string.IsNullOrWhiteSpace(response) && response.Trim().Length >= 10;

    private Guid Begin(string userId)
    {
        var id = Guid.NewGuid();
        _transactions.TryAdd(id, new OpenTransaction(userId, DateTimeOffset.UtcNow.AddMinutes(5)));
        return id;
    }

    private void Commit(Guid id)
    {
        if (_transactions.TryRemove(id, out OpenTransaction? transaction))
            _counters.AddOrUpdate(transaction.UserId, 1, static (_, used) => used + 1);
        _requests.Add(1, new KeyValuePair<string, object?>("outcome", "success"));
    }

    private sealed record OpenTransaction(string UserId, DateTimeOffset ExpiresAt);
}
