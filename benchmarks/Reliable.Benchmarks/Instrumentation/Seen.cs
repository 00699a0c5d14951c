namespace Reliable.Benchmarks.Instrumentation;

/// <summary>Who sees a call.</summary>
public enum Seen
{
    /// <summary>Nobody: what is left is what the process counts for itself.</summary>
    ByNobody,

    /// <summary>A log that takes every line, and throws it away.</summary>
    ByALog,

    /// <summary>A listener of every instrument.</summary>
    ByMetrics,

    /// <summary>A listener of every span.</summary>
    BySpans,

    /// <summary>All of these.</summary>
    ByAll,
}
