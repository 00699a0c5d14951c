namespace Reliable.Faults;

/// <summary>What a caller was told about a charge, or what a test knows of one whose caller is gone.</summary>
internal enum ToldOutcome
{
    /// <summary>It is counted, or certainly will be.</summary>
    Counted,

    /// <summary>It is not counted and never will be.</summary>
    NotCounted,

    /// <summary>Nobody was told anything: both are right.</summary>
    Untold,
}
