namespace Reliable.Usage;

/// <summary>What became of a commit.</summary>
internal enum CommitStatus
{
    /// <summary>The charge is durable in the store.</summary>
    Counted = 0,

    /// <summary>The charge is on its way, and in the journal where there is one; it is retried until it is in.</summary>
    Deferred,

    /// <summary>Not counted: the limit was reached meanwhile, in another process.</summary>
    LimitReached,

    /// <summary>Not counted: the user was deleted meanwhile.</summary>
    UnknownUser,

    /// <summary>Not counted: the transaction had expired.</summary>
    Expired,

    /// <summary>Not counted: somebody else settles the transaction, or has.</summary>
    NotOpen,
}
