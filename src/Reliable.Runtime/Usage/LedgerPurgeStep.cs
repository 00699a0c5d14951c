namespace Reliable.Usage;

/// <summary>What one step of a purge did.</summary>
/// <param name="Deleted">How many charges it deleted.</param>
/// <param name="Next">Where the next step goes on; <see langword="null"/> when nothing is left to look at.</param>
public readonly record struct LedgerPurgeStep(int Deleted, Guid? Next);
