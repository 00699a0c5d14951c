namespace Reliable.Transactions;

/// <summary>Names one transaction of one <see cref="TransactionStore"/>: its slot, and how often that slot had been used before. Goes stale when it is freed.</summary>
internal readonly record struct TransactionHandle
{
    private readonly int _indexPlusOne;

    public TransactionHandle(int index, long generation)
    {
        _indexPlusOne = index + 1;
        Generation = generation;
    }

    /// <summary>The default handle: no transaction.</summary>
    public bool IsNone => _indexPlusOne == 0;

    public int Index => _indexPlusOne - 1;

    public long Generation { get; }
}
