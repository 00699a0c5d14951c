namespace Reliable;

/// <summary>The state of a runtime at one moment, and what happened since its start.</summary>
/// <param name="ActiveTransactions">How many transactions are open.</param>
/// <param name="OldestTransaction">The age of the oldest of them.</param>
/// <param name="PendingCharges">How many charges are on their way to the store.</param>
/// <param name="JournaledCharges">How many of those wait in the journal, their answers having left.</param>
/// <param name="JournalBytes">The size of the journal.</param>
public sealed record ReliableStatistics(
    int ActiveTransactions, TimeSpan OldestTransaction, int PendingCharges, int JournaledCharges, long JournalBytes)
{
    /// <summary>All calls.</summary>
    public required CallStatistics Calls { get; init; }

    /// <summary>The calls of each model, by name; of the first 64 models, the rest together as <c>other</c>. Calls that name no model are in none of them.</summary>
    public required IReadOnlyList<CallStatistics> Models { get; init; }

    /// <summary>Transactions that were counted.</summary>
    public required long Committed { get; init; }

    /// <summary>Transactions that were rolled back, without those that expired.</summary>
    public required long RolledBack { get; init; }

    /// <summary>Charges that were taken back after they had been counted.</summary>
    public required long Refunded { get; init; }

    /// <summary>Transactions that were left open too long.</summary>
    public required long Expired { get; init; }

    /// <summary>Charges that the store did not take in time, or not at all.</summary>
    public required long CommitFailures { get; init; }

    /// <summary>How many users' counters are known without asking the store.</summary>
    public required int KnownUsers { get; init; }

    /// <summary>
    /// About how many bytes Reliable holds: open transactions, known counters, charges on their way and what it counts. An estimate, by the sizes of its own objects.
    /// </summary>
    public required long EstimatedBytes { get; init; }
}
