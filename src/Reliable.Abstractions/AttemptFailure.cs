namespace Reliable;

/// <summary>One failed attempt of a call.</summary>
public sealed class AttemptFailure
{
    /// <summary>Creates the record of a failed attempt.</summary>
    public AttemptFailure(
        int number,
        bool isFallback,
        AttemptFailureKind kind,
        TimeSpan duration,
        RejectionReason reason,
        string message,
        Exception? exception)
    {
        Number = number;
        IsFallback = isFallback;
        Kind = kind;
        Duration = duration;
        Reason = reason;
        Message = message;
        Exception = exception;
    }

    /// <summary>The number of the attempt, from 1.</summary>
    public int Number { get; }

    /// <summary>Whether it was the fallback.</summary>
    public bool IsFallback { get; }

    /// <summary>How it failed.</summary>
    public AttemptFailureKind Kind { get; }

    /// <summary>How long it took, without the delay before it.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Why the answer was rejected; <see cref="RejectionReason.None"/> when there was none.</summary>
    public RejectionReason Reason { get; }

    /// <summary>The reason in words, for log readers: never part of an answer.</summary>
    public string Message { get; }

    /// <summary>What the call threw, or <see langword="null"/> when the answer was rejected.</summary>
    public Exception? Exception { get; }

    /// <inheritdoc/>
    public override string ToString() => $"Attempt {Number}{(IsFallback ? " (fallback)" : "")}: {Message}";
}
