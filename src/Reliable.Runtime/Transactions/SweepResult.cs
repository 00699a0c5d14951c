namespace Reliable.Transactions;

/// <summary>What one step of expiry did.</summary>
/// <param name="Expired">How many transactions it expired.</param>
/// <param name="IsPassComplete">Whether the step reached the end of the store.</param>
internal readonly record struct SweepResult(int Expired, bool IsPassComplete);
