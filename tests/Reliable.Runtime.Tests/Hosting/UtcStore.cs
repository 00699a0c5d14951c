using Reliable.Usage;

namespace Reliable.Hosting;

/// <summary>A database that knows no time zone but UTC.</summary>
internal sealed class UtcStore : IUsageStore, IUsageLedger
{
    private readonly MemoryUsageStore _counters = new();

    public string Name => "UtcSQL";

    public int MaxBatchSize => 1;

    public ValueTask<StoreClock> ReadClockAsync(UsageTerms terms, CancellationToken cancellationToken) => terms.TimeZone == "UTC"
        ? new(new StoreClock(DateTimeOffset.UnixEpoch, new DateOnly(1970, 1, 1)))
        : throw new InvalidOperationException($"time zone \"{terms.TimeZone}\" not recognized");

    public ValueTask InitializeAsync(UsageTerms terms, CancellationToken cancellationToken) => default;

    public ValueTask<UsageReading> ReadAsync(string userId, string counter, UsageTerms terms, CancellationToken cancellationToken)
        => _counters.ReadAsync(userId, counter, terms, cancellationToken);

    public ValueTask SettleAsync(ReadOnlyMemory<Charge> charges, Memory<ChargeResult> results, UsageTerms terms, CancellationToken cancellationToken)
        => _counters.SettleAsync(charges, results, terms, cancellationToken);

    public ValueTask<RefundResult> RefundAsync(Charge charge, UsageTerms terms, CancellationToken cancellationToken)
        => _counters.RefundAsync(charge, terms, cancellationToken);

    public ValueTask SetLimitAsync(string userId, string counter, long? limit, CancellationToken cancellationToken)
        => _counters.SetLimitAsync(userId, counter, limit, cancellationToken);

    public StoreFailure Classify(Exception exception) => StoreFailure.Unknown;

    public ValueTask<UsageAuditReport> AuditAsync(UsageAuditOptions options, UsageTerms terms, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    public ValueTask<UsageRepairReport> RepairAsync(UsageRepairOptions options, bool preview, UsageTerms terms, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    public ValueTask<LedgerPurgeStep> PurgeAsync(TimeSpan age, Guid after, int maxCharges, UsageTerms terms, CancellationToken cancellationToken)
        => new(new LedgerPurgeStep(0, null));

    public ValueTask DisposeAsync() => _counters.DisposeAsync();
}
