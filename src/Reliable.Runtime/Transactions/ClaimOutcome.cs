namespace Reliable.Transactions;

/// <summary>Who may settle a transaction.</summary>
internal enum ClaimOutcome
{
    /// <summary>The caller, and nobody else.</summary>
    Claimed = 0,

    /// <summary>Nobody any more: its time was over.</summary>
    Expired,

    /// <summary>Somebody else does so right now.</summary>
    Busy,

    /// <summary>Nobody: it was settled before, and its slot may belong to another transaction by now.</summary>
    Stale,
}
