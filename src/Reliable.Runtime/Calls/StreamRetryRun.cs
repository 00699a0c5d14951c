using Reliable.Diagnostics;
using Reliable.Retry;
using Reliable.Streaming;

namespace Reliable.Calls;

/// <summary>
/// The attempts at one streamed answer. Its success is an answer that may be shown; what becomes of that, and of the transaction, is told by whoever shows it.
/// After a late failure it can be entered again for the attempts that are left.
/// </summary>
internal sealed class StreamRetryRun<TState, T>(
    StreamCall<TState, T> call, BoundPolicy policy, CallContext context, long startedMs, Action<RetryStatus>? notice, CancellationToken caller)
    : ModelRetryRun<StreamCall<TState, T>, StreamAttempt<T>>(call, policy, context, startedMs, caller)
{
    private readonly bool _hasFallback = call.HasFallback && policy.Retry.EnableFallback;
    private TimeSpan _openedAfter;
    private int _retriesBefore;
    private TimeSpan _timeBefore;
    private bool _isRestart;

    /// <summary>The span of the attempt whose answer is shown: it lasts as long as that.</summary>
    public AttemptTrace? Trace { get; private set; }

    /// <summary>Whether the answer that is shown is the fallback's.</summary>
    public bool IsFallback { get; private set; }

    public override int RetriesBefore => _retriesBefore;

    public override TimeSpan TimeBefore => _timeBefore;

    /// <summary>Whether an answer that failed while it was shown can be asked for again.</summary>
    public bool CanRestart
        => Policy.HasRetry && !IsFallback && !IsOutOfTime && !Caller.IsCancellationRequested && (HasAttemptsLeft || _hasFallback);

    protected override bool HasAttemptsLeft => Attempts < Policy.Retry.MaxAttempts;

    /// <summary>Takes in that the answer was rejected after it was shown.</summary>
    public void AddLate(ValidationResult verdict, TimeSpan duration)
        => KnownFailure = new RejectedResponseException(AddRejection(IsFallback, duration, verdict));

    /// <summary>Takes in that the model failed after part of its answer was shown.</summary>
    public void AddLate(Exception exception, TimeSpan duration)
    {
        AddException(IsFallback, duration, exception);
        KnownFailure = exception;
    }

    /// <summary>Makes the attempts that are left; the reader is told first.</summary>
    public ValueTask<StreamAttempt<T>> RestartAsync()
    {
        Trace?.End();
        _isRestart = true;
        _retriesBefore = Attempts - 1;
        _timeBefore = Elapsed(StartedMs);
        return CompleteAsync();
    }

    /// <summary>Accounts for the end of a call that was retried.</summary>
    public void NoteEnd(bool success) => NoteEnd(success, IsFallback, _openedAfter);

    protected override void EndTrace(AttemptTrace? trace, StreamAttempt<T> response, in ValidationResult verdict)
    {
        if (verdict.IsValid)
        {
            Trace = trace;
        }
        else
        {
            base.EndTrace(trace, response, verdict);
        }
    }

    protected override ValueTask<ValidationResult> JudgeAsync(StreamAttempt<T> response, CancellationToken cancellationToken)
        => new(response.Rejection ?? ValidationResult.Valid);

    protected override ValueTask<StreamAttempt<T>> SucceedAsync(StreamAttempt<T> response, bool isFallback)
    {
        IsFallback = isFallback;
        _openedAfter = Elapsed(StartedMs);
        return new(response);
    }

    protected override void Report(RetryStatus status)
    {
        RetryStatus told = status with { IsRestart = _isRestart };
        _isRestart = false;
        base.Report(told);
        notice?.Invoke(told);
    }
}
