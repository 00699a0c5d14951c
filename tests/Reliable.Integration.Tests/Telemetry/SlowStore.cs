using Reliable.Sqlite;
using Reliable.Usage;

namespace Reliable.Integration.Tests.Telemetry;

/// <summary>A SQLite store that is told to take its time.</summary>
internal sealed class SlowStore(string path) : IUsageStore
{
    private readonly SqliteUsageStore _store = new(path);

    /// <summary>What charges wait for, before they go on to the file.</summary>
    public Task Hold { get; set; } = Task.CompletedTask;

    public string Name => _store.Name;

    public int MaxBatchSize => _store.MaxBatchSize;

    public ValueTask InitializeAsync(UsageTerms terms, CancellationToken cancellationToken) => _store.InitializeAsync(terms, cancellationToken);

    public ValueTask<UsageReading> ReadAsync(string userId, string counter, UsageTerms terms, CancellationToken cancellationToken)
        => _store.ReadAsync(userId, counter, terms, cancellationToken);

    public async ValueTask SettleAsync(ReadOnlyMemory<Charge> charges, Memory<ChargeResult> results, UsageTerms terms, CancellationToken cancellationToken)
    {
        await Hold;
        await _store.SettleAsync(charges, results, terms, cancellationToken);
    }

    public ValueTask<RefundResult> RefundAsync(Charge charge, UsageTerms terms, CancellationToken cancellationToken)
        => _store.RefundAsync(charge, terms, cancellationToken);

    public ValueTask SetLimitAsync(string userId, string counter, long? limit, CancellationToken cancellationToken)
        => _store.SetLimitAsync(userId, counter, limit, cancellationToken);

    public StoreFailure Classify(Exception exception) => _store.Classify(exception);

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
