using Reliable.Transactions;

namespace Reliable.Benchmarks.Store;

/// <summary>A way to keep open transactions, as the benchmarks use it.</summary>
internal abstract class StoreOfTransactions
{
    protected const int TimeToLiveMs = 300_000;

    protected Quota Quota { get; } = new("u1", "requests");

    /// <summary>Opens a transaction that stays open.</summary>
    public abstract void Open(long nowMs);

    /// <summary>Opens one and commits it.</summary>
    public abstract bool BeginAndCommit(long nowMs);

    /// <summary>Expires what is overdue.</summary>
    /// <returns>How many.</returns>
    public abstract int Expire(long nowMs);

    public static StoreOfTransactions Create(StoreKind kind) => kind switch
    {
        StoreKind.TransactionStore => new SlotStore(),
        StoreKind.ConcurrentDictionaryByLong => new DictionaryStore<long>(static number => number),
        StoreKind.ConcurrentDictionaryByGuid => new DictionaryStore<Guid>(static _ => Guid.NewGuid()),
        _ => new LockedStore(),
    };
}
