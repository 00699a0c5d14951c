using Reliable.Stores;
using Reliable.Usage;

namespace Reliable.Memory;

/// <summary>Counters in memory. All stores it opens are one.</summary>
public sealed class MemoryHarness : UsageStoreHarness
{
    private const string Counter = "requests";

    private readonly MemoryUsageStore _store = new();

    public override bool HasLedger => false;

    public override async Task<IUsageStore> OpenAsync(UsageTerms? terms = null)
    {
        await _store.InitializeAsync(terms ?? UsageTerms.Default, TestContext.Current.CancellationToken);
        return _store;
    }

    public override async Task AddUserAsync(string userId, long? limit)
        => await _store.SetLimitAsync(userId, Counter, limit, TestContext.Current.CancellationToken);

    public override Task SetCounterAsync(string userId, long used, DateOnly day)
    {
        _store.AccountOf(userId, Counter).Set(day, used);
        return Task.CompletedTask;
    }

    public override Task AddChargeAsync(Charge charge, DateOnly day) => throw new NotSupportedException();

    public override Task DeleteUserAsync(string userId) => throw new NotSupportedException();

    public override async Task<IReadOnlyList<string>> AuditAsync(IReadOnlyCollection<string> users)
    {
        List<string> findings = [];
        foreach (string user in users)
        {
            UsageReading reading = await _store.ReadAsync(user, Counter, UsageTerms.Default, TestContext.Current.CancellationToken);
            (long used, long ledger) = _store.Audit(user, Counter, reading.Day);
            if (used != ledger)
                findings.Add(user);
        }

        return findings;
    }

    public override Task<long> SumLedgerAsync(string userId, DateOnly day) => Task.FromResult(_store.Audit(userId, Counter, day).Ledger);

    public override ValueTask DisposeAsync() => _store.DisposeAsync();
}
