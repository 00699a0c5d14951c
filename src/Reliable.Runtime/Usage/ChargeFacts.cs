namespace Reliable.Usage;

/// <summary>A charge of the ledger that is there twice or on a day ahead, as an audit read it. Compiled into each assembly that has a store.</summary>
internal sealed record ChargeFacts(Guid Id, string UserId, string Counter, string Day, long Rows);
