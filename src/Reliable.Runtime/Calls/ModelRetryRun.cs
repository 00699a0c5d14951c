using System.Runtime.ExceptionServices;
using Polly;
using Reliable.Diagnostics;
using Reliable.Retry;

namespace Reliable.Calls;

/// <summary>The attempts after the first, the fallback after them, and how the call ends.</summary>
internal class ModelRetryRun<TCall, T>(TCall call, BoundPolicy policy, CallContext context, long startedMs, CancellationToken caller)
    : RetryRun(policy, context, caller)
    where TCall : struct, IModelCall<T>
{
    private bool _isRefused;
    private bool _isEnded;
    private AttemptTrace? _previousTrace;

    /// <summary>A failure from outside the pipeline, which only learns of it.</summary>
    protected Exception? KnownFailure { get; set; }

    protected long StartedMs => startedMs;

    /// <summary>Takes in a first attempt that ran outside the pipeline and was rejected.</summary>
    public void AddFirstRejection(ValidationResult verdict)
    {
        Attempts = 1;
        KnownFailure = new RejectedResponseException(AddRejection(isFallback: false, Elapsed(startedMs), verdict));
    }

    /// <summary>Takes in a first attempt that ran outside the pipeline and threw.</summary>
    public void AddFirstException(Exception exception)
    {
        Attempts = 1;
        AddException(isFallback: false, Elapsed(startedMs), exception);
        KnownFailure = exception;
    }

    /// <summary>Goes through the pipeline, then to the fallback, and settles the transaction whatever happens.</summary>
    public async ValueTask<T> CompleteAsync()
    {
        try
        {
            return await CompleteCoreAsync().ConfigureAwait(false);
        }
        catch (Exception) when (!_isEnded)
        {
            // The application's own code threw where no attempt was running: a progress handler, or a strategy that could not be built.
            EndFailed();
            throw;
        }
    }

    protected bool IsOutOfTime => Policy.Retry.TotalTimeout > TimeSpan.Zero && Elapsed(startedMs) >= Policy.Retry.TotalTimeout;

    private async ValueTask<T> CompleteCoreAsync()
    {
        Outcome<T> outcome = await ExecuteAsync().ConfigureAwait(false);
        if (outcome.Exception is not { } failure)
        {
            return await SucceedAsync(outcome.Result!, isFallback: false).ConfigureAwait(false);
        }

        if (!IsWorthRetrying(failure))
        {
            Fail(failure);
        }

        if (Failures.Count == 0)
        {
            // A strategy of the application failed in place of the model: that was the attempt.
            Attempts = Math.Max(Attempts, 1);
            AddException(isFallback: false, Elapsed(startedMs), failure);
        }

        if (!call.HasFallback || !Policy.Retry.EnableFallback || IsOutOfTime)
        {
            throw Exhausted();
        }

        return await FallBackAsync().ConfigureAwait(false);
    }

    private async ValueTask<Outcome<T>> ExecuteAsync()
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(Policy.Operation, Caller);
        context.Properties.Set(AttemptPipeline.Run, this);
        try
        {
            return await Policy.Pipeline.ExecuteOutcomeAsync(static (inner, run) => run.NextAsync(inner), context, this).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<Outcome<T>> NextAsync(ResilienceContext context)
    {
        if (KnownFailure is { } known)
        {
            // The first attempt ran outside: the pipeline only learns how it ended, and owns what follows.
            KnownFailure = null;
            return Outcome.FromException<T>(known);
        }

        Attempts++;
        long started = Policy.Runtime.NowMs;
        AttemptTrace? trace = BeginTrace(isFallback: false);
        try
        {
            T response = await call.AttemptAsync(AttemptContext(isFallback: false), context.CancellationToken).ConfigureAwait(false);
            ValidationResult verdict = await JudgeAsync(response, context.CancellationToken).ConfigureAwait(false);
            EndTrace(trace, response, verdict);
            _isRefused = verdict.Reason == RejectionReason.ContentFilter;
            return verdict.IsValid || _isRefused
                ? Outcome.FromResult(response)
                : Outcome.FromException<T>(new RejectedResponseException(AddRejection(isFallback: false, Elapsed(started), verdict)));
        }
        catch (Exception e)
        {
            Exception noted = Note(e, isFallback: false, started, context.CancellationToken);
            EndTrace(trace, noted);
            return Outcome.FromException<T>(noted);
        }
    }

    private async ValueTask<T> FallBackAsync()
    {
        string reason = Failures[^1].Message;
        if (LogLevels.Warns(Policy.Runtime.Logger))
        {
            Log.FallbackAttempt(Policy.Runtime.Logger, LogId);
        }

        Report(new RetryStatus(Attempts + 1, Policy.Retry.MaxAttempts, TimeSpan.Zero, reason, IsFallback: true));
        Attempts++;
        long started = Policy.Runtime.NowMs;
        using CancellationTokenSource? timeout = TimeLeft is { } left ? new CancellationTokenSource(left, Policy.Runtime.Time) : null;
        using CancellationTokenSource? either = timeout is null ? null : CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, Caller);
        CancellationToken token = either?.Token ?? Caller;
        AttemptTrace? trace = BeginTrace(isFallback: true);
        T response;
        ValidationResult verdict;
        try
        {
            response = await call.FallbackAsync(AttemptContext(isFallback: true), token).ConfigureAwait(false);
            verdict = await JudgeAsync(response, token).ConfigureAwait(false);
            EndTrace(trace, response, verdict);
        }
        catch (Exception e)
        {
            Policy.Instruments.FellBack(Policy.Operation, Context.ModelId, succeeded: false);
            Exception noted = Note(e, isFallback: true, started, token);
            EndTrace(trace, noted);
            if (!IsWorthRetrying(noted))
            {
                Fail(noted);
            }

            throw Exhausted();
        }

        _isRefused = verdict.Reason == RejectionReason.ContentFilter;
        Policy.Instruments.FellBack(Policy.Operation, Context.ModelId, succeeded: verdict.IsValid);
        if (!verdict.IsValid && !_isRefused)
        {
            AddRejection(isFallback: true, Elapsed(started), verdict);
            throw Exhausted();
        }

        return await SucceedAsync(response, isFallback: true).ConfigureAwait(false);
    }

    protected virtual async ValueTask<T> SucceedAsync(T response, bool isFallback)
    {
        _isEnded = true;
        if (_isRefused)
        {
            CallEngine.EndRefused(Policy, Context);
            NoteEnd(success: false, isFallback);
            return response;
        }

        await CallEngine.ChargeAsync(Policy, Context, Caller).ConfigureAwait(false);
        CallOutcome outcome = isFallback ? CallOutcome.Fallback : CallOutcome.Success;
        CallEngine.End(Policy, Context.ModelId, outcome);
        NoteEnd(success: true, isFallback);
        return response;
    }

    private RetriesExhaustedException Exhausted()
    {
        _isEnded = true;
        Policy.Keeper.Rollback(Context.Transaction, RollbackReasons.AllRetriesFailed);
        if (LogLevels.Fails(Policy.Runtime.Logger))
        {
            Log.RetryFailed(Policy.Runtime.Logger, Failures.Count, LogId);
        }

        CallEngine.End(Policy, Context.ModelId, CallOutcome.Exhausted);
        NoteEnd(success: false, Failures[^1].IsFallback);
        return new RetriesExhaustedException(Policy.Operation, Failures);
    }

    private void Fail(Exception exception)
    {
        // A rejected answer only ends up here when the caller gave up.
        exception = exception is RejectedResponseException ? new OperationCanceledException(Caller) : exception;
        EndFailed();
        ExceptionDispatchInfo.Throw(exception);
    }

    private void EndFailed()
    {
        _isEnded = true;
        CallEngine.EndFailed(Policy, Context, Caller);
        NoteEnd(success: false, isFallback: false);
    }

    // Of calls that were retried, or would have been: one whose first attempt settled everything is none, also where that attempt ran in the pipeline.
    private void NoteEnd(bool success, bool isFallback) => NoteEnd(success, isFallback, Elapsed(startedMs));

    protected void NoteEnd(bool success, bool isFallback, TimeSpan duration)
    {
        if (Failures.Count == 0)
        {
            return;
        }

        if (LogLevels.Informs(Policy.Runtime.Logger))
        {
            Log.RetryComplete(Policy.Runtime.Logger, LogId, success, Attempts, (long)duration.TotalMilliseconds, isFallback);
        }

        Policy.Instruments.Took(Policy.Operation, Context.ModelId, duration);
    }

    private Exception Note(Exception exception, bool isFallback, long started, CancellationToken token)
    {
        if (exception is OperationCanceledException && !Caller.IsCancellationRequested && token.IsCancellationRequested)
        {
            exception = new TimeoutException($"Attempt {Attempts} of '{Policy.Operation}' did not end within its time.", exception);
        }

        if (IsWorthRetrying(exception))
        {
            AddException(isFallback, Elapsed(started), exception);
        }

        return exception;
    }

    protected virtual async ValueTask<ValidationResult> JudgeAsync(T response, CancellationToken cancellationToken)
    {
        long since = CallEngine.Timestamp(Policy);
        ValidationResult verdict = await Policy.JudgeAsync(response, cancellationToken).ConfigureAwait(false);
        Policy.Instruments.ValidateTook(since);
        return verdict;
    }

    private AttemptTrace? BeginTrace(bool isFallback)
    {
        AttemptTrace? trace = AttemptTrace.Start(
            Policy.Operation, Context.ModelId, Context.CorrelationId, Context.TransactionId, Attempts, isFallback, _previousTrace);
        _previousTrace = trace ?? _previousTrace;
        return trace;
    }

    /// <summary>The attempt has an answer, and with it is over.</summary>
    protected virtual void EndTrace(AttemptTrace? trace, T response, in ValidationResult verdict)
    {
        trace?.Judge(response, verdict);
        trace?.End();
    }

    private static void EndTrace(AttemptTrace? trace, Exception exception)
    {
        trace?.Fail(exception);
        trace?.End();
    }

    private AttemptContext AttemptContext(bool isFallback)
        => new(Attempts, Policy.Retry.MaxAttempts, isFallback, Failures.Count > 0 ? Failures[^1] : null, Context.TransactionId);

    /// <summary>How long the fallback may take: as long as an attempt, and not beyond the end of the total time.</summary>
    private TimeSpan? TimeLeft
    {
        get
        {
            TimeSpan? attempt = Policy.Retry.AttemptTimeout > TimeSpan.Zero ? Policy.Retry.AttemptTimeout : null;
            TimeSpan? total = Policy.Retry.TotalTimeout > TimeSpan.Zero ? Policy.Retry.TotalTimeout - Elapsed(startedMs) : null;
            return attempt < total ? attempt : total ?? attempt;
        }
    }

    protected TimeSpan Elapsed(long sinceMs) => TimeSpan.FromMilliseconds(Policy.Runtime.NowMs - sinceMs);
}
