namespace Reliable.Usage;

/// <summary>A ledger that deletes what the test says, and notes what it was asked for.</summary>
internal sealed class FakeLedger : IUsageLedger
{
    public List<(TimeSpan Age, Guid After)> Purges { get; } = [];

    public Func<int, LedgerPurgeStep> Step { get; set; } = static _ => new LedgerPurgeStep(0, null);

    public ValueTask<StoreClock> ReadClockAsync(UsageTerms terms, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<UsageAuditReport> AuditAsync(UsageAuditOptions options, UsageTerms terms, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    public ValueTask<UsageRepairReport> RepairAsync(UsageRepairOptions options, bool preview, UsageTerms terms, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    public ValueTask<LedgerPurgeStep> PurgeAsync(TimeSpan age, Guid after, int maxCharges, UsageTerms terms, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Purges.Add((age, after));
        return new(Step(Purges.Count));
    }
}
