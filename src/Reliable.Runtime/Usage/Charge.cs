namespace Reliable.Usage;

/// <summary>What is counted for one good answer.</summary>
/// <param name="TransactionId">The id under which it is counted once: a UUIDv7, so that ledger keys are in the order of time.</param>
/// <param name="UserId">The user, as the application names it.</param>
/// <param name="Counter">The counter's name.</param>
/// <param name="Amount">How much is counted, 1 or more.</param>
public readonly record struct Charge(Guid TransactionId, string UserId, string Counter, int Amount);
