namespace Reliable;

/// <summary>Something an audit found.</summary>
/// <param name="Kind">What is wrong; exactly one kind.</param>
/// <param name="UserId">The user, as the store has it.</param>
/// <param name="Counter">The counter's name.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Found">What is there.</param>
/// <param name="Expected">What should be there.</param>
public sealed record UsageFinding(
    UsageFindingKinds Kind, string UserId, string Counter, UsageFindingSubject Subject, string Found, string Expected)
{
    /// <summary>The charge, where the finding is about a single one.</summary>
    public Guid? TransactionId { get; init; }

    /// <summary>The finding as a sentence for people.</summary>
    public override string ToString()
        => $"{Kind}: {Subject} of counter '{Counter}' of user '{UserId}' is '{Found}', expected is '{Expected}'"
            + (TransactionId is { } id ? $" (charge {id})." : ".");
}
