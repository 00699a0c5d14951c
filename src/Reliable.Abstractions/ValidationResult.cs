namespace Reliable;

/// <summary>The verdict on one answer. The default value is a valid verdict without metrics.</summary>
public readonly struct ValidationResult : IEquatable<ValidationResult>
{
    private readonly string? _message;

    /// <summary>Creates a verdict.</summary>
    /// <param name="reason">Why the answer is rejected, or <see cref="RejectionReason.None"/>.</param>
    /// <param name="message">What a log reader sees. Never part of the answer itself. Ignored for a valid verdict.</param>
    /// <param name="metrics">What was counted.</param>
    public ValidationResult(RejectionReason reason, string? message, ResponseMetrics metrics = default)
    {
        Reason = reason;
        _message = message;
        Metrics = metrics;
    }

    /// <summary>A valid verdict without metrics.</summary>
    public static ValidationResult Valid => default;

    /// <summary>Whether the answer is good enough to show.</summary>
    public bool IsValid => Reason == RejectionReason.None;

    /// <summary>Why the answer was rejected; <see cref="RejectionReason.None"/> when it was not.</summary>
    public RejectionReason Reason { get; }

    /// <summary>The reason in words; empty for a valid verdict.</summary>
    public string Message => IsValid ? "" : _message ?? Reason.ToString();

    /// <summary>What was counted while judging.</summary>
    public ResponseMetrics Metrics { get; }

    /// <summary>A rejection by an application's own rule.</summary>
    /// <param name="message">What is wrong with the answer, without quoting it: the text goes to the log.</param>
    /// <exception cref="ArgumentException"><paramref name="message"/> is empty.</exception>
    public static ValidationResult Reject(string message)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(message);
        return new ValidationResult(RejectionReason.Custom, message);
    }

    /// <inheritdoc/>
    public bool Equals(ValidationResult other) => Reason == other.Reason && Message == other.Message && Metrics == other.Metrics;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ValidationResult other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Reason, Message, Metrics);

    /// <summary>Whether two verdicts are the same.</summary>
    public static bool operator ==(ValidationResult left, ValidationResult right) => left.Equals(right);

    /// <summary>Whether two verdicts differ.</summary>
    public static bool operator !=(ValidationResult left, ValidationResult right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => IsValid ? "Valid" : Message;
}
