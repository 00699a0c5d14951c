namespace Reliable.Faults;

/// <summary>Counters and ledger as they are in a store at one moment.</summary>
/// <param name="Counters">How much is used, for each user.</param>
/// <param name="Ledger">The ledger by transaction; <see langword="null"/> where there is none.</param>
internal sealed record StoreState(IReadOnlyDictionary<string, long> Counters, IReadOnlyDictionary<Guid, LedgerRow>? Ledger);
