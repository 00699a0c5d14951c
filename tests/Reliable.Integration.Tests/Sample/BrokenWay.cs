namespace Reliable.Integration.Tests.Sample;

/// <summary>What a <see cref="BrokenModel"/> does at one byte of its answer.</summary>
internal enum BrokenWay
{
    /// <summary>The connection is reset before that byte.</summary>
    Cut,

    /// <summary>The reply ends before that byte, as if it were complete.</summary>
    End,

    /// <summary>That byte never comes, and the connection stays.</summary>
    Stall,

    /// <summary>That byte is another: one that no text has, its upper or lower case, or a quote.</summary>
    Corrupt,
}
