namespace Reliable.Usage;

/// <summary>Rows of one user and counter that an audit read as a group: charges without a user, or a counter that is there twice. Compiled into each assembly that has a store.</summary>
internal sealed record GroupFacts(string UserId, string Counter, long Rows, long Amount);
