namespace Reliable.Transactions;

/// <summary>The word of a slot: 61 bits of generation over three bits of state.</summary>
internal static class SlotWord
{
    private const int StateBits = 3;
    private const long StateMask = (1 << StateBits) - 1;

    public static long Of(long generation, TransactionState state) => (generation << StateBits) | (long)state;

    public static long GenerationOf(long word) => word >>> StateBits;

    public static TransactionState StateOf(long word) => (TransactionState)(word & StateMask);
}
