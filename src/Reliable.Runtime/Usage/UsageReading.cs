namespace Reliable.Usage;

/// <summary>One counter as the store has it.</summary>
/// <param name="Exists">Whether the user is known; a store that creates users on first use says <see langword="true"/> for everyone.</param>
/// <param name="Used">How much is counted today: 0 when the last count was on an earlier day.</param>
/// <param name="Limit">The user's limit, the default where the user has none; <see langword="null"/> when unlimited.</param>
/// <param name="Now">The store's clock.</param>
/// <param name="Day">Today, by the store's clock in the time zone of the terms.</param>
/// <param name="ResetsAt">When the next day begins.</param>
public readonly record struct UsageReading(bool Exists, long Used, long? Limit, DateTimeOffset Now, DateOnly Day, DateTimeOffset ResetsAt);
