using System.Runtime.ExceptionServices;
using Polly;
using Reliable.Calls;
using Reliable.Diagnostics;

namespace Reliable.Retry;

/// <summary>The attempts after the first, the fallback after them, and how the call ends.</summary>
internal sealed class ModelRetryRun<TCall, T>(TCall call, BoundPolicy policy, CallContext context, long startedMs, CancellationToken caller)
    : RetryRun(policy, context, caller)
    where TCall : struct, IModelCall<T>
{
    private Exception? _knownFailure;
    private bool _isRefused;

    /// <summary>Takes in a first attempt that ran outside the pipeline and was rejected.</summary>
    public void AddFirstRejection(ValidationResult verdict)
    {
        Attempts = 1;
        _knownFailure = new RejectedResponseException(AddRejection(isFallback: false, Elapsed(startedMs), verdict));
    }

    /// <summary>Takes in a first attempt that ran outside the pipeline and threw.</summary>
    public void AddFirstException(Exception exception)
    {
        Attempts = 1;
        AddException(isFallback: false, Elapsed(startedMs), exception);
        _knownFailure = exception;
    }

    /// <summary>Goes through the pipeline, then to the fallback, and settles the transaction whatever happens.</summary>
    public async ValueTask<T> CompleteAsync()
    {
        try
        {
            return await CompleteCoreAsync().ConfigureAwait(false);
        }
        catch
        {
            // Every ending below settles the transaction; this is for what the application's own code throws in between, such as its progress.
            Policy.Keeper.Rollback(Context.Transaction, RollbackReasons.Error);
            throw;
        }
    }

    private async ValueTask<T> CompleteCoreAsync()
    {
        Outcome<T> outcome = await ExecuteAsync().ConfigureAwait(false);
        if (outcome.Exception is null)
        {
            return await SucceedAsync(outcome.Result!, isFallback: false).ConfigureAwait(false);
        }

        if (!IsWorthRetrying(outcome.Exception))
        {
            Fail(outcome.Exception);
        }

        if (Failures.Count == 0)
        {
            // A strategy of the application let no attempt through, such as an open circuit that its own rule calls worth a retry.
            Attempts = Math.Max(Attempts, 1);
            AddException(isFallback: false, Elapsed(startedMs), outcome.Exception);
        }

        if (!call.HasFallback || !Policy.Retry.EnableFallback || IsOutOfTime)
        {
            throw Exhausted();
        }

        return await FallBackAsync().ConfigureAwait(false);
    }

    private bool IsOutOfTime => Policy.Retry.TotalTimeout > TimeSpan.Zero && Elapsed(startedMs) >= Policy.Retry.TotalTimeout;

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
        if (_knownFailure is { } known)
        {
            // The first attempt ran outside: the pipeline only learns how it ended, and owns what follows.
            _knownFailure = null;
            return Outcome.FromException<T>(known);
        }

        Attempts++;
        return await AttemptAsync(call.AttemptAsync, isFallback: false, Policy.Runtime.NowMs, context.CancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<T> FallBackAsync()
    {
        string reason = Failures[^1].Message;
        Log.FallbackAttempt(Policy.Runtime.Logger, Context.LogId(Policy));
        Context.Progress?.Report(new RetryStatus(Attempts + 1, Policy.Retry.MaxAttempts, TimeSpan.Zero, reason, IsFallback: true));
        Attempts++;
        long started = Policy.Runtime.NowMs;
        using CancellationTokenSource? timeout = Policy.Retry.AttemptTimeout > TimeSpan.Zero
            ? new CancellationTokenSource(Policy.Retry.AttemptTimeout, Policy.Runtime.Time)
            : null;
        using CancellationTokenSource? linked = timeout is null ? null : CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, Caller);
        CancellationToken token = linked?.Token ?? Caller;
        Outcome<T> outcome = await AttemptAsync(call.FallbackAsync, isFallback: true, started, token).ConfigureAwait(false);
        Policy.Instruments.FellBack(Policy.Operation, Context.ModelId, succeeded: outcome.Exception is null && !_isRefused);
        if (outcome.Exception is null)
        {
            return await SucceedAsync(outcome.Result!, isFallback: true).ConfigureAwait(false);
        }

        if (!IsWorthRetrying(outcome.Exception))
        {
            Fail(outcome.Exception);
        }

        throw Exhausted();
    }

    private async ValueTask<Outcome<T>> AttemptAsync(
        Func<AttemptContext, CancellationToken, ValueTask<T>> attempt, bool isFallback, long started, CancellationToken token)
    {
        try
        {
            T response = await attempt(AttemptContext(isFallback), token).ConfigureAwait(false);
            ValidationResult verdict = await JudgeAsync(response, token).ConfigureAwait(false);
            _isRefused = verdict.Reason == RejectionReason.ContentFilter;
            return verdict.IsValid || _isRefused
                ? Outcome.FromResult(response)
                : Outcome.FromException<T>(new RejectedResponseException(AddRejection(isFallback, Elapsed(started), verdict)));
        }
        catch (Exception e)
        {
            return Outcome.FromException<T>(Note(e, isFallback, started, token));
        }
    }

    private async ValueTask<T> SucceedAsync(T response, bool isFallback)
    {
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
        Policy.Keeper.Rollback(Context.Transaction, RollbackReasons.AllRetriesFailed);
        Log.RetryFailed(Policy.Runtime.Logger, Failures.Count, Context.LogId(Policy));
        CallEngine.End(Policy, Context.ModelId, CallOutcome.Exhausted);
        NoteEnd(success: false, Failures[^1].IsFallback);
        return new RetriesExhaustedException(Policy.Operation, Failures);
    }

    private void Fail(Exception exception)
    {
        CallEngine.EndFailed(Policy, Context, exception, Caller);
        NoteEnd(success: false, isFallback: false);
        ExceptionDispatchInfo.Throw(exception);
    }

    private void NoteEnd(bool success, bool isFallback)
    {
        if (Failures.Count == 0)
        {
            // The first attempt was good; it only ran inside the pipeline.
            return;
        }

        TimeSpan duration = Elapsed(startedMs);
        Log.RetryComplete(Policy.Runtime.Logger, Context.LogId(Policy), success, Attempts, (long)duration.TotalMilliseconds, isFallback);
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

    private async ValueTask<ValidationResult> JudgeAsync(T response, CancellationToken cancellationToken)
    {
        long since = CallEngine.Timestamp(Policy);
        ValidationResult verdict = await Policy.JudgeAsync(response, cancellationToken).ConfigureAwait(false);
        Policy.Instruments.ValidateTook(since);
        return verdict;
    }

    private AttemptContext AttemptContext(bool isFallback)
        => new(Attempts, Policy.Retry.MaxAttempts, isFallback, Failures.Count > 0 ? Failures[^1] : null, Context.TransactionId);

    private TimeSpan Elapsed(long sinceMs) => TimeSpan.FromMilliseconds(Policy.Runtime.NowMs - sinceMs);
}
