using Reliable.Transactions;

namespace Reliable.Usage;

/// <summary>A transaction that began, or the state of the counter that denied it.</summary>
internal readonly record struct BeginResult(TransactionHandle Handle, UsageSnapshot? Denied);
