using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Polly;
using Polly.Retry;

namespace Reliable.Benchmarks.Wrapper;

/// <summary>
/// What is usually written, as well as it can be: every attempt inside a Polly pipeline, entered with a state instead of a closure; open transactions in a
/// dictionary, counters in another. It reserves nothing, logs nothing and forgets everything with the process.
/// </summary>
/// <typeparam name="TKey">The key of a transaction.</typeparam>
/// <param name="newKey">Makes the next key.</param>
/// <param name="limit">How many calls a user has.</param>
public sealed class PollyCalls<TKey>(Func<TKey> newKey, long limit = long.MaxValue) : IDisposable
    where TKey : notnull
{
    private static readonly TimeSpan s_timeToLive = TimeSpan.FromMinutes(5);

    private readonly Meter _meter = new("Polly");
    private readonly ConcurrentDictionary<TKey, OpenTransaction> _transactions = new();
    private readonly ConcurrentDictionary<string, long> _counters = new();
    private readonly ResiliencePipeline<string> _pipeline = new ResiliencePipelineBuilder<string>()
        .AddRetry(new RetryStrategyOptions<string>
        {
            MaxRetryAttempts = 3,
            Delay = TimeSpan.Zero,
            ShouldHandle = static arguments => new(arguments.Outcome.Exception is HttpRequestException || !IsGood(arguments.Outcome.Result)),
        })
        .Build();

    private Counter<long>? _requests;

    public async Task<string> RunAsync<TState>(
        string userId, TState state, Func<TState, CancellationToken, ValueTask<string>> attempt, CancellationToken cancellationToken)
    {
        TKey key = Begin(userId);
        try
        {
            string response = await _pipeline.ExecuteAsync(attempt, state, cancellationToken).ConfigureAwait(false);
            Commit(key, response);
            return response;
        }
        catch
        {
            _transactions.TryRemove(key, out _);
            throw;
        }
    }

    public async ValueTask<string> RunValueAsync<TState>(
        string userId, TState state, Func<TState, CancellationToken, ValueTask<string>> attempt, CancellationToken cancellationToken)
    {
        TKey key = Begin(userId);
        try
        {
            string response = await _pipeline.ExecuteAsync(attempt, state, cancellationToken).ConfigureAwait(false);
            Commit(key, response);
            return response;
        }
        catch
        {
            _transactions.TryRemove(key, out _);
            throw;
        }
    }

    public void Dispose() => _meter.Dispose();

    private static bool IsGood(string? response) => !string.IsNullOrWhiteSpace(response) && response.AsSpan().Trim().Length >= 10;

    private TKey Begin(string userId)
    {
        if (_counters.TryGetValue(userId, out long used) && used >= limit)
            throw new NonRetryableException("The limit is reached.");
        TKey key = newKey();
        _transactions.TryAdd(key, new OpenTransaction(userId, DateTimeOffset.UtcNow + s_timeToLive));
        return key;
    }

    private void Commit(TKey key, string response)
    {
        // After the last retry the pipeline returns the bad answer.
        if (!IsGood(response))
            throw new NonRetryableException("The model gave no answer that is good enough.");
        if (_transactions.TryRemove(key, out OpenTransaction? transaction))
            _counters.AddOrUpdate(transaction.UserId, 1, static (_, used) => used + 1);
        _requests ??= _meter.CreateCounter<long>("requests");
        _requests.Add(1, new KeyValuePair<string, object?>("outcome", "success"));
    }

    private sealed record OpenTransaction(string UserId, DateTimeOffset ExpiresAt);
}
