namespace Reliable.Benchmarks.Store;

/// <summary>What is compared.</summary>
public enum StoreKind
{
    TransactionStore,
    ConcurrentDictionaryByLong,
    ConcurrentDictionaryByGuid,
    LockAndDictionary,
}
