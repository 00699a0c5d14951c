using Reliable.Stores;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>Rows of Reliable's own table as nobody should have written them: what is below zero counts as nothing, alone and in a batch.</summary>
public sealed class ManagedPoisonTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly UsageTerms s_terms = new(50, "UTC");

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Settle_WhenRowIsBelowZero_StartsAtZeroUnderTheDefaultLimit(int charges)
    {
        await database.ExecuteAsync(PostgresScripts.Managed());
        await using var harness = new PostgresManagedHarness(database);
        IUsageStore store = await harness.OpenAsync();
        string user = harness.NewUserId();
        await store.SettleAsync(s_terms, Charges.New(user));
        await database.ExecuteAsync("UPDATE reliable.usage SET used = -3, \"limit\" = -1 WHERE user_id = $1", user);

        UsageReading before = await store.ReadAsync(user, s_terms);
        ChargeResult[] results = await store.SettleAsync(s_terms, Charges.New(charges, _ => user));
        UsageReading after = await store.ReadAsync(user, s_terms);

        Assert.Equal((0, 50), (before.Used, before.Limit));
        Assert.All(results, result => Assert.Equal(new ChargeResult(ChargeOutcome.Counted, charges, 50), result));
        Assert.Equal((charges, 50), (after.Used, after.Limit));
    }
}
