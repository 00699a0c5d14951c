namespace Reliable;

/// <summary>A set of values for retries that fit together. Single settings win over it, in whatever order they are set.</summary>
public enum ReliablePreset
{
    /// <summary>The defaults: 3 retries after 1, 2 and 4 s, with the fallback.</summary>
    Production = 0,

    /// <summary>2 retries after 500 ms and 1 s, no fallback: little extra load, short waits.</summary>
    Conservative,

    /// <summary>5 retries after 1, 2, 4, 8 and 16 s, with the fallback: for answers that are worth half a minute of waiting.</summary>
    Aggressive,
}
