using Reliable.Usage;

namespace Reliable.Stores;

/// <summary>Short forms for tests of ledgers. Where users can be named, none are all.</summary>
internal static class Ledgers
{
    public static async Task<UsageAuditReport> AuditAsync(this IUsageStore store, UsageAuditOptions options, UsageTerms? terms = null)
        => await ((IUsageLedger)store).AuditAsync(options, terms ?? UsageTerms.Default, TestContext.Current.CancellationToken);

    public static Task<UsageAuditReport> AuditAsync(this IUsageStore store, params string[] users)
        => store.AuditAsync(new UsageAuditOptions { Users = users.Length == 0 ? null : users });

    public static async Task<UsageRepairReport> PreviewAsync(this IUsageStore store, UsageRepairOptions options)
        => await ((IUsageLedger)store).RepairAsync(options, preview: true, UsageTerms.Default, TestContext.Current.CancellationToken);

    public static Task<UsageRepairReport> PreviewAsync(this IUsageStore store, params string[] users)
        => store.PreviewAsync(new UsageRepairOptions { Users = users.Length == 0 ? null : users });

    public static async Task<UsageRepairReport> RepairAsync(this IUsageStore store, UsageRepairOptions options)
        => await ((IUsageLedger)store).RepairAsync(options, preview: false, UsageTerms.Default, TestContext.Current.CancellationToken);

    public static Task<UsageRepairReport> RepairAsync(this IUsageStore store, params string[] users)
        => store.RepairAsync(new UsageRepairOptions { Users = users.Length == 0 ? null : users });

    /// <summary>Purges to the end in steps of a size, and says how many charges each deleted.</summary>
    public static async Task<List<int>> PurgeAsync(this IUsageStore store, TimeSpan age, int stepSize)
    {
        List<int> steps = [];
        Guid? after = Guid.Empty;
        while (after is { } from)
        {
            LedgerPurgeStep step = await ((IUsageLedger)store).PurgeAsync(age, from, stepSize, UsageTerms.Default, TestContext.Current.CancellationToken);
            steps.Add(step.Deleted);
            after = step.Next;
        }

        return steps;
    }
}
