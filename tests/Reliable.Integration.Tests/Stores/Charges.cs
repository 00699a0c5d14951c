using Reliable.Usage;

namespace Reliable.Stores;

/// <summary>Short forms for tests of stores.</summary>
internal static class Charges
{
    public const string Counter = "requests";

    public static Charge New(string userId, int amount = 1) => new(Guid.CreateVersion7(), userId, Counter, amount);

    public static Charge[] New(int count, Func<int, string> userId) => [.. Enumerable.Range(0, count).Select(i => New(userId(i)))];

    public static async Task<ChargeResult[]> SettleAsync(this IUsageStore store, UsageTerms terms, params Charge[] charges)
    {
        var results = new ChargeResult[charges.Length];
        await store.SettleAsync(charges, results, terms, TestContext.Current.CancellationToken);
        return results;
    }

    public static async Task<ChargeResult> SettleAsync(this IUsageStore store, Charge charge, UsageTerms? terms = null)
        => (await store.SettleAsync(terms ?? UsageTerms.Default, charge))[0];

    public static async Task<RefundResult> RefundAsync(this IUsageStore store, Charge charge, UsageTerms? terms = null)
        => await store.RefundAsync(charge, terms ?? UsageTerms.Default, TestContext.Current.CancellationToken);

    public static async Task<UsageReading> ReadAsync(this IUsageStore store, string userId, UsageTerms? terms = null)
        => await store.ReadAsync(userId, Counter, terms ?? UsageTerms.Default, TestContext.Current.CancellationToken);

    public static ChargeOutcome[] Outcomes(this ChargeResult[] results) => [.. results.Select(static r => r.Outcome)];
}
