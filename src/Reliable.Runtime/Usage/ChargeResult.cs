namespace Reliable.Usage;

/// <summary>What became of a charge, and the counter behind it.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Used">The counter of today after the whole batch.</param>
/// <param name="Limit">The user's limit, the default where the user has none; <see langword="null"/> when unlimited.</param>
public readonly record struct ChargeResult(ChargeOutcome Outcome, long Used, long? Limit);
