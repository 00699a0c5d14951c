using Reliable.Transactions;

namespace Reliable.Usage;

/// <summary>What became of a commit.</summary>
internal readonly record struct CommitResult(CommitStatus Status, long Used = 0, long? Limit = null)
{
    /// <summary>Whether the answer may be shown: it is counted, or certainly will be.</summary>
    public bool IsCharged => Status is CommitStatus.Counted or CommitStatus.Deferred;

    public static CommitResult NotClaimed(ClaimOutcome claim) => new(claim == ClaimOutcome.Expired ? CommitStatus.Expired : CommitStatus.NotOpen);
}
