namespace Reliable.Faults;

/// <summary>A row of a store's ledger.</summary>
/// <param name="User">Whose.</param>
/// <param name="Amount">How much.</param>
/// <param name="IsCounted">Whether it counts; otherwise it was taken back, or kept from being counted.</param>
/// <param name="IsOfCountersDay">Whether it counts on the day the counter is of.</param>
internal readonly record struct LedgerRow(string User, int Amount, bool IsCounted, bool IsOfCountersDay);
