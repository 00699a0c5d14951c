namespace Reliable.Transactions;

/// <summary>What the store said of a user's day.</summary>
/// <param name="Exists">Whether the user is known.</param>
/// <param name="Limit">The limit; <see langword="null"/> when there is none.</param>
/// <param name="Day">The store's day.</param>
/// <param name="ResetsAt">When the store's next day begins.</param>
/// <param name="ResetsAtMs">The same on this process's monotonic clock.</param>
internal sealed record QuotaTerms(bool Exists, long? Limit, DateOnly Day, DateTimeOffset ResetsAt, long ResetsAtMs);
