namespace Reliable.Diagnostics;

/// <summary>How a call ended.</summary>
internal enum CallOutcome
{
    /// <summary>With a good answer, of the first or a later attempt.</summary>
    Success = 0,

    /// <summary>With a good answer of the fallback.</summary>
    Fallback,

    /// <summary>With <see cref="RetriesExhaustedException"/>.</summary>
    Exhausted,

    /// <summary>With the model's refusal for reasons of policy.</summary>
    Refused,

    /// <summary>With <see cref="UsageLimitExceededException"/>.</summary>
    Denied,

    /// <summary>By its caller.</summary>
    Cancelled,

    /// <summary>With an exception that is not worth a retry.</summary>
    Error,

    /// <summary>With an exception of the model after part of its streamed answer was shown.</summary>
    LateFailure,

    /// <summary>With a streamed answer that was shown and turned out not to be valid.</summary>
    LateRejection,
}
