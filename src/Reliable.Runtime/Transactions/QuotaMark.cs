namespace Reliable.Transactions;

/// <summary>The state of a <see cref="Quota"/> before the store was asked.</summary>
internal readonly record struct QuotaMark(long Word, int InFlight);
