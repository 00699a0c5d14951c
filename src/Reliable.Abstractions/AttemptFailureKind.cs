namespace Reliable;

/// <summary>How an attempt failed.</summary>
public enum AttemptFailureKind
{
    /// <summary>The model answered, and the answer was rejected.</summary>
    InvalidResponse,

    /// <summary>The call threw an exception that is worth a retry.</summary>
    Exception,

    /// <summary>The attempt took longer than its own timeout.</summary>
    Timeout,
}
