namespace Reliable.Sqlite;

/// <summary>A row of the ledger.</summary>
internal readonly record struct SqliteLedgerRow(string UserId, string Counter, long Amount, string Day, int State);
