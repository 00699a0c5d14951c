using Polly.Timeout;
using Reliable.Diagnostics;
using Reliable.Retry;

namespace Reliable.Calls;

/// <summary>One call whose first attempt failed, or must run inside the pipeline: what happened so far, and what it may still do. Allocated only then.</summary>
internal abstract class RetryRun(BoundPolicy policy, CallContext context, CancellationToken caller) : IRetryDecisions
{
    private readonly List<AttemptFailure> _failures = [];
    private string? _logId;

    public BoundPolicy Policy { get; } = policy;

    public CallContext Context { get; } = context;

    public CancellationToken Caller { get; } = caller;

    /// <summary>Every failed attempt so far.</summary>
    public IReadOnlyList<AttemptFailure> Failures => _failures;

    /// <summary>How many attempts were made, the failed and the good.</summary>
    public int Attempts { get; protected set; }

    /// <summary>
    /// Whether the pipeline may go on: not after the caller gave up, and not for an exception that will come again. A rejected answer is always worth another
    /// attempt: the application's own rule is for its exceptions.
    /// </summary>
    public bool IsWorthRetrying(Exception? exception) => exception switch
    {
        null => false,
        RejectedResponseException => !Caller.IsCancellationRequested,
        _ => Policy.HasRetry && TransientErrors.IsTransient(exception, Policy.Retry.ShouldRetry, Caller),
    };

    bool IRetryDecisions.IsWorthRetrying(Exception? exception) => HasAttemptsLeft && IsWorthRetrying(exception);

    /// <inheritdoc cref="IRetryDecisions.RetriesBefore"/>
    public virtual int RetriesBefore => 0;

    /// <inheritdoc cref="IRetryDecisions.TimeBefore"/>
    public virtual TimeSpan TimeBefore => TimeSpan.Zero;

    /// <summary>What log lines call the call. Made for the first line that is written, and kept for the others.</summary>
    protected string LogId => _logId ??= Context.LogId(Policy);

    /// <summary>Whether the pipeline may make another attempt; it counts those that it made itself.</summary>
    protected virtual bool HasAttemptsLeft => true;

    /// <summary>Says that another attempt follows after a wait.</summary>
    public void OnRetry(TimeSpan wait)
    {
        int next = Attempts + 1;
        string reason = _failures.Count > 0 ? _failures[^1].Message : "unknown";
        if (LogLevels.Warns(Policy.Runtime.Logger))
        {
            Log.RetryAttempt(Policy.Runtime.Logger, next, Policy.Retry.MaxAttempts, LogId, LogText.Clean(reason));
        }

        Policy.Instruments.Retried(Policy.Operation, Context.ModelId);
        Report(new RetryStatus(next, Policy.Retry.MaxAttempts, wait, reason));
    }

    /// <summary>Tells whoever wants to know of the attempt that comes next.</summary>
    protected virtual void Report(RetryStatus status) => Context.Progress?.Report(status);

    /// <summary>Records an answer that was rejected.</summary>
    public AttemptFailure AddRejection(bool isFallback, TimeSpan duration, ValidationResult verdict)
    {
        if (LogLevels.Warns(Policy.Runtime.Logger))
        {
            Log.InvalidResponse(Policy.Runtime.Logger, LogText.Clean(verdict.Message), verdict.Metrics.TotalTextLength, verdict.Metrics.AssistantMessageCount);
        }

        Policy.Instruments.Rejected(Policy.Operation, Context.ModelId, verdict.Reason);
        return Add(new AttemptFailure(
            Attempts, isFallback, AttemptFailureKind.InvalidResponse, duration, verdict.Reason, verdict.Message, exception: null));
    }

    /// <summary>Records an exception that is worth a retry.</summary>
    public AttemptFailure AddException(bool isFallback, TimeSpan duration, Exception exception)
    {
        AttemptFailureKind kind = exception is TimeoutException or TimeoutRejectedException ? AttemptFailureKind.Timeout : AttemptFailureKind.Exception;
        return Add(new AttemptFailure(Attempts, isFallback, kind, duration, RejectionReason.None, TransientErrors.Describe(exception), exception));
    }

    private AttemptFailure Add(AttemptFailure failure)
    {
        _failures.Add(failure);
        return failure;
    }
}
