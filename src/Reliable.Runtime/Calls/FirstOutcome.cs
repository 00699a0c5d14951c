using Reliable.Usage;

namespace Reliable.Calls;

/// <summary>
/// What is known of a first attempt that did not settle its call at once. An object, made for what is rare only: a verdict by value would be cleared and copied in
/// every call.
/// </summary>
internal sealed class FirstOutcome
{
    private FirstOutcome(ValidationResult? verdict, CommitResult? denied = null)
    {
        Verdict = verdict;
        DeniedBy = denied;
    }

    /// <summary>Nothing yet: it has not ended, or it has not been judged.</summary>
    public static FirstOutcome Unknown { get; } = new(null);

    /// <summary>Judged good, and not charged yet.</summary>
    public static FirstOutcome Good { get; } = new(ValidationResult.Valid);

    /// <summary>The verdict; <see langword="null"/> when it has not been judged.</summary>
    public ValidationResult? Verdict { get; }

    /// <summary>What the store said when the limit was reached meanwhile.</summary>
    public CommitResult? DeniedBy { get; }

    public static FirstOutcome Rejected(ValidationResult verdict) => new(verdict);

    public static FirstOutcome Denied(CommitResult commit) => new(ValidationResult.Valid, commit);
}
