using Reliable.Stores;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>What managed and mapped PostgreSQL stores have in common in tests.</summary>
public abstract class PostgresHarness(PostgresDatabase database) : UsageStoreHarness
{
    private readonly List<IUsageStore> _stores = [];

    protected PostgresDatabase Database { get; } = database;

    public override async Task<IUsageStore> OpenAsync(UsageTerms? terms = null)
    {
        var options = new PostgresOptions();
        Configure(options);
        var store = new PostgresUsageStore(Database.ConnectionString, options);
        lock (_stores)
            _stores.Add(store);
        await store.InitializeAsync(terms ?? UsageTerms.Default, TestContext.Current.CancellationToken);
        return store;
    }

    public override Task AddChargeAsync(Charge charge, DateOnly day) => Database.ExecuteAsync(
        "INSERT INTO reliable.charge (tx, user_id, counter, amount, day) VALUES ($1, $2, $3, $4, $5)",
        charge.TransactionId, charge.UserId, charge.Counter, charge.Amount, day);

    public override Task<long> SumLedgerAsync(string userId, DateOnly day) => Database.ScalarAsync<long>(
        "SELECT COALESCE(sum(amount), 0)::bigint FROM reliable.charge WHERE user_id = $1 AND day = $2 AND state = 1", userId, day);

    public override async ValueTask DisposeAsync()
    {
        foreach (IUsageStore store in _stores)
            await store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected virtual void Configure(PostgresOptions options)
    {
    }
}
