namespace Reliable;

/// <summary>The state of a runtime at one moment.</summary>
/// <param name="ActiveTransactions">How many transactions are open.</param>
/// <param name="OldestTransaction">The age of the oldest of them.</param>
/// <param name="PendingCharges">How many charges are on their way to the store.</param>
/// <param name="JournaledCharges">How many of those wait in the journal, their answers having left.</param>
/// <param name="JournalBytes">The size of the journal.</param>
public sealed record ReliableStatistics(
    int ActiveTransactions, TimeSpan OldestTransaction, int PendingCharges, int JournaledCharges, long JournalBytes);
