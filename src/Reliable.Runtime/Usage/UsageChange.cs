namespace Reliable;

/// <summary>Something a repair changed, or would change.</summary>
/// <param name="Kind">Why: the kind of finding that is repaired by it.</param>
/// <param name="UserId">The user, as the store has it.</param>
/// <param name="Counter">The counter's name.</param>
/// <param name="Subject">What is changed.</param>
/// <param name="From">What was there.</param>
/// <param name="To">What is there now.</param>
public sealed record UsageChange(
    UsageFindingKinds Kind, string UserId, string Counter, UsageFindingSubject Subject, string From, string To)
{
    /// <summary>The charge, where a single one is changed.</summary>
    public Guid? TransactionId { get; init; }

    /// <summary>The change as a sentence for people.</summary>
    public override string ToString()
        => $"{Subject} of counter '{Counter}' of user '{UserId}': from '{From}' to '{To}', because of {Kind}"
            + (TransactionId is { } id ? $" (charge {id})." : ".");
}
