using Reliable.Usage;

namespace Reliable.Infrastructure;

internal static class UsageStoreExtensions
{
    /// <summary>Counts one as another process would: past the reservations of this one.</summary>
    public static async Task ChargeAsOtherProcessAsync(this IUsageStore store, string userId)
        => await store.SettleAsync(
            new[] { new Charge(Guid.CreateVersion7(), userId, "requests", 1) }, new ChargeResult[1], UsageTerms.Default, CancellationToken.None);
}
