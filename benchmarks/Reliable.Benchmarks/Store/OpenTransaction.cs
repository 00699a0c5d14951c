using Reliable.Transactions;

namespace Reliable.Benchmarks.Store;

/// <summary>The least that can be committed, rolled back and expired, for the dictionaries.</summary>
internal sealed record OpenTransaction(Quota Quota, int Amount, long DeadlineMs);
