namespace Reliable;

/// <summary>The names under which applications subscribe to what Reliable measures.</summary>
public static class ReliableMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Reliable";

    /// <summary>The name of the activity source.</summary>
    public const string ActivitySourceName = "Reliable";
}
