namespace Reliable.Transactions;

/// <summary>What became of a reservation.</summary>
internal enum ReserveOutcome
{
    /// <summary>The amount is reserved.</summary>
    Reserved = 0,

    /// <summary>There is not enough left under the limit.</summary>
    Denied,

    /// <summary>The entry has been retired: look it up again.</summary>
    Retired,
}
