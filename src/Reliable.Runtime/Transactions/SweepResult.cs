namespace Reliable.Transactions;

/// <summary>What one step of expiry saw.</summary>
/// <param name="Expired">How many transactions it expired.</param>
/// <param name="Active">How many open ones it left.</param>
/// <param name="IsPassComplete">Whether the step reached the end of the store.</param>
internal readonly record struct SweepResult(int Expired, int Active, bool IsPassComplete);
