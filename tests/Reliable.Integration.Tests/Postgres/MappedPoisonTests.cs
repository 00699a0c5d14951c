using Reliable.Stores;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>Rows as nobody should have written them: the batch survives, and nobody else's charge is lost for it.</summary>
public sealed class MappedPoisonTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly UsageTerms s_terms = new(50, "UTC");

    [Theory]
    [InlineData("", null, 1, 50)]
    [InlineData("abc", "Infinity", 1, 50)]
    [InlineData(null, "", 1, 50)]
    [InlineData("-3", "-1", 1, 50)]
    [InlineData("1e3", "10.5", 1, 50)]
    [InlineData("12345678901234567890", "99999999999999999999", 1, 50)]
    [InlineData("１２", "２０", 1, 50)]
    [InlineData(" 7 ", " 20 ", 8, 20)]
    [InlineData("007", "020", 8, 20)]
    [InlineData("999999999999999998", "999999999999999999", 999999999999999999, 999999999999999999)]
    public async Task Settle_WhenTextIsNoNumber_TakesTheDefault(string? used, string? limit, long expectedUsed, long expectedLimit)
        => await CheckAsync(MappedVariant.User, used, limit, DateTime.UtcNow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), expectedUsed, expectedLimit);

    [Theory]
    [InlineData("NaN", "NaN", 1, 50)]
    [InlineData("3.75", "10.9", 4, 10)]
    [InlineData("-2", "-0.5", 1, 50)]
    [InlineData(null, null, 1, 50)]
    public async Task Settle_WhenNumericIsNoWholeNumber_TakesWhatIsWhole(string? used, string? limit, long expectedUsed, long expectedLimit)
        => await CheckAsync(MappedVariant.Text, used, limit, DateTime.UtcNow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), expectedUsed, expectedLimit);

    [Theory]
    [InlineData("-5", "-5", null, 1, 50)]
    [InlineData("9", "20", null, 1, 20)]
    [InlineData("9", "20", "infinity", 1, 20)]
    [InlineData("9", "20", "-infinity", 1, 20)]
    [InlineData("9", "20", "0044-03-15 BC", 1, 20)]
    public async Task Settle_WhenNumberOrDayIsOdd_StartsAtZero(string used, string limit, string? reset, long expectedUsed, long expectedLimit)
        => await CheckAsync(MappedVariant.Numbers, used, limit, reset, expectedUsed, expectedLimit);

    private async Task CheckAsync(MappedVariant variant, string? used, string? limit, string? reset, long expectedUsed, long expectedLimit)
    {
        await database.ExecuteAsync(PostgresScripts.Mapped());
        await database.ExecuteAsync(variant.Ddl);
        await using var harness = new PostgresMappedHarness(database, variant);
        IUsageStore store = await harness.OpenAsync();
        string poisoned = harness.NewUserId(), neighbour = harness.NewUserId();
        await harness.InsertAsync(poisoned, used, limit, reset);
        await harness.AddUserAsync(neighbour, 2);
        Charge charge = Charges.New(poisoned);

        UsageReading before = await store.ReadAsync(poisoned, s_terms);
        ChargeResult[] results = await store.SettleAsync(s_terms, charge, Charges.New(neighbour));
        UsageReading after = await store.ReadAsync(poisoned, s_terms);
        RefundResult refund = await store.RefundAsync(charge, s_terms);

        Assert.Equal((true, expectedUsed - 1, expectedLimit), (before.Exists, before.Used, before.Limit));
        Assert.Equal([new(ChargeOutcome.Counted, expectedUsed, expectedLimit), new ChargeResult(ChargeOutcome.Counted, 1, 2)], results);
        Assert.Equal(expectedUsed, after.Used);
        Assert.Equal(RefundResult.Refunded, refund);
        Assert.Equal(expectedUsed - 1, (await store.ReadAsync(poisoned, s_terms)).Used);
    }
}
