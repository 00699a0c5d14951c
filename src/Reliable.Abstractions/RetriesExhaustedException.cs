namespace Reliable;

/// <summary>Every attempt of a call failed. Nothing was charged.</summary>
public sealed class RetriesExhaustedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="operation">The method that was called.</param>
    /// <param name="attempts">Every attempt, in order; at least one.</param>
    public RetriesExhaustedException(string operation, IReadOnlyList<AttemptFailure> attempts)
        : base(Describe(operation, attempts), attempts[^1].Exception)
    {
        Operation = operation;
        Attempts = attempts;
    }

    /// <summary>The method that was called, as <c>Type.Method</c>.</summary>
    public string Operation { get; }

    /// <summary>Every attempt, in order, the fallback last.</summary>
    public IReadOnlyList<AttemptFailure> Attempts { get; }

    /// <summary>What the user can be told: what happened, that nothing was charged, and what to do next.</summary>
    public string UserMessage => Attempts[^1].Reason switch
    {
        RejectionReason.ToolCallsWithoutText or RejectionReason.ToolOutputWithoutText =>
            "The assistant worked on your question but could not put the result into words. This request was not counted. "
            + "Please try again, or ask for one thing at a time.",
        RejectionReason.None =>
            "The assistant cannot be reached at the moment. This request was not counted. Please try again in a minute.",
        _ =>
            "The assistant did not find a complete answer. This request was not counted. "
            + "Please try again, or put your question in other words.",
    };

    private static string Describe(string operation, IReadOnlyList<AttemptFailure> attempts)
    {
        ArgumentException.ThrowIfNullOrEmpty(operation);
        ArgumentNullException.ThrowIfNull(attempts);
        if (attempts.Count == 0)
        {
            throw new ArgumentException("A call fails with at least one attempt.", nameof(attempts));
        }

        string plural = attempts.Count == 1 ? "attempt" : "attempts";
        return $"'{operation}' failed after {attempts.Count} {plural}; nothing was charged. {string.Join("; ", attempts)}.";
    }
}
