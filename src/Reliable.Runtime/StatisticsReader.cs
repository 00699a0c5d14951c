using Reliable.Diagnostics;
using Reliable.Transactions;
using Reliable.Usage;

namespace Reliable;

/// <summary>Puts together what a runtime knows of itself.</summary>
internal static class StatisticsReader
{
    // With a user id of 36 characters; a test compares it with what many of them take.
    private const int BytesPerQuota = 240;
    private const int BytesPerCharge = 200;

    public static ReliableStatistics Read(RuntimeCounts counts, TransactionStore transactions, QuotaKeeper keeper, int pending, ChargeJournal? journal)
    {
        (int active, long oldestMs) = transactions.Count(transactions.NowMs);
        var all = new long[CallCounts.Size];
        counts.ReadCalls(all);
        int journaled = journal?.OpenCount ?? 0;
        int known = keeper.KnownQuotas;
        CallStatistics[] models = [.. counts.Models.Select(Of).OrderBy(static model => model.Model, StringComparer.Ordinal)];
        return new ReliableStatistics(active, TimeSpan.FromMilliseconds(oldestMs), pending, journaled, journal?.Length ?? 0)
        {
            Calls = new CallStatistics(null, all),
            Models = models,
            Committed = counts.Read(RuntimeCounts.Committed),
            RolledBack = counts.Read(RuntimeCounts.RolledBack),
            Refunded = counts.Read(RuntimeCounts.Refunded),
            Expired = counts.Read(RuntimeCounts.Expired),
            CommitFailures = counts.Read(RuntimeCounts.CommitFailures),
            KnownUsers = known,
            EstimatedBytes = transactions.Bytes + ((long)known * BytesPerQuota) + (((long)pending + journaled) * BytesPerCharge) + counts.Bytes,
        };
    }

    private static CallStatistics Of(CallCounts counts)
    {
        var sum = new long[CallCounts.Size];
        counts.AddTo(sum);
        return new CallStatistics(counts.Model, sum);
    }
}
