namespace Reliable;

/// <summary>When an answer leaves.</summary>
public enum CommitMode
{
    /// <summary>When its charge is durable in the database, or, should that take longer than <c>Usage:CommitTimeout</c>, in the journal.</summary>
    Awaited = 0,

    /// <summary>When its charge is in the journal; the database follows in the background.</summary>
    Deferred = 1,
}
