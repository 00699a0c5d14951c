using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Reliable.Diagnostics;
using Reliable.Retry;
using Reliable.Usage;

namespace Reliable.Calls;

/// <summary>Everything of a call that is not its fast path: what has to wait, what fails, and how it ends.</summary>
internal static class CallEngine
{
    /// <summary>Runs a call from its beginning.</summary>
    /// <remarks>What is awaited behind this task is pooled; the task is the caller's, who may keep it and await it as often as he likes.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Task<T> StartAsync<TCall, T>(
        TCall call, BoundPolicy policy, RolloutMode mode, CallContext context, CancellationToken cancellationToken)
        where TCall : struct, IModelCall<T>
        => RunAsync<TCall, T>(call, policy, mode, context, cancellationToken).AsTask();

    /// <summary>Goes on from a first attempt that did not settle its call at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Task<T> GoOnAsync<TCall, T>(
        TCall call, BoundPolicy policy, in CallContext context, Task first, FirstOutcome outcome, CancellationToken cancellationToken)
        where TCall : struct, IModelCall<T>
        => ReferenceEquals(outcome, FirstOutcome.Unknown) && !first.IsCompletedSuccessfully
            ? WaitAsync<TCall, T>(call, policy, context, first, policy.Runtime.NowMs, cancellationToken)
            : EndAsync(call, policy, context, AnswerOf<T>(first), outcome, policy.Runtime.NowMs, cancellationToken).AsTask();

    /// <summary>Opens the transaction of a call, and accounts for a call that ends here.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<CallContext> BeginCallAsync(BoundPolicy policy, RolloutMode mode, CallContext context, CancellationToken cancellationToken)
    {
        try
        {
            if (mode == RolloutMode.On)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            return await BeginAsync(policy, context, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not UsageLimitExceededException)
        {
            End(policy, context.ModelId, OutcomeOf(cancellationToken));
            throw;
        }
    }

    /// <summary>Charges a good answer; returns when it may be shown.</summary>
    /// <exception cref="UsageLimitExceededException">The limit was reached meanwhile, in another process: the answer is neither shown nor charged.</exception>
    public static ValueTask ChargeAsync(BoundPolicy policy, in CallContext context, CancellationToken cancellationToken)
    {
        if (policy.Quotas is null)
        {
            return default;
        }

        long since = Timestamp(policy);
        bool isSettled = policy.Keeper.TryCommit(context.Transaction, policy.Settings.Terms, out CommitResult result);
        if (!isSettled || !result.IsCharged)
        {
            return ChargeAsync(policy, context, isSettled ? result : null, since, cancellationToken);
        }

        policy.Instruments.Committed();
        policy.Instruments.CommitTook(since);
        return default;
    }

    /// <summary>Ends a call whose answer was good, and whose limit was reached by somebody else meanwhile.</summary>
    public static async ValueTask<T> DenyAsync<T>(
        BoundPolicy policy, string userId, CommitResult commit, CancellationToken cancellationToken)
    {
        string counter = policy.Quotas!.Counter;
        UsageSnapshot usage = await policy.Keeper.ReadAsync(counter, userId, cancellationToken).ConfigureAwait(false);
        string reason = UsageText.LimitReached(commit.Used, reserved: 0, commit.Limit);
        throw new UsageLimitExceededException(userId, counter, usage with { DeniedReason = reason });
    }

    public static void EndRefused(BoundPolicy policy, CallContext context)
    {
        Log.InvalidResponse(policy.Runtime.Logger, "Content filter", 0, 0);
        policy.Instruments.Rejected(policy.Operation, context.ModelId, RejectionReason.ContentFilter);
        policy.Keeper.Rollback(context.Transaction, RollbackReasons.ContentFilter);
        End(policy, context.ModelId, CallOutcome.Refused);
    }

    public static void EndFailed(BoundPolicy policy, CallContext context, CancellationToken cancellationToken)
    {
        policy.Keeper.Rollback(context.Transaction, cancellationToken.IsCancellationRequested ? RollbackReasons.Cancelled : RollbackReasons.Error);
        End(policy, context.ModelId, OutcomeOf(cancellationToken));
    }

    public static void End(BoundPolicy policy, string? modelId, CallOutcome outcome) => policy.Instruments.Ended(policy.Operation, modelId, outcome);

    /// <summary>A timestamp when somebody listens to the overhead, and 0 otherwise.</summary>
    public static long Timestamp(BoundPolicy policy) => policy.Instruments.MeasuresOverhead ? Stopwatch.GetTimestamp() : 0;

    // Clients report a cancelled request in many ways: what the caller did decides, not the exception.
    public static CallOutcome OutcomeOf(CancellationToken cancellationToken)
        => cancellationToken.IsCancellationRequested ? CallOutcome.Cancelled : CallOutcome.Error;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<T> RunAsync<TCall, T>(
        TCall call, BoundPolicy policy, RolloutMode mode, CallContext context, CancellationToken cancellationToken)
        where TCall : struct, IModelCall<T>
    {
        context = await BeginCallAsync(policy, mode, context, cancellationToken).ConfigureAwait(false);
        if (mode != RolloutMode.On)
        {
            return await RunPlainAsync<TCall, T>(call, policy, mode, context, cancellationToken).ConfigureAwait(false);
        }

        long started = policy.Runtime.NowMs;
        if (!policy.IsFirstAttemptInline)
        {
            return await new ModelRetryRun<TCall, T>(call, policy, context, started, cancellationToken).CompleteAsync().ConfigureAwait(false);
        }

        ValueTask<T> first;
        try
        {
            first = call.AttemptAsync(new AttemptContext(1, policy.Retry.MaxAttempts, transaction: context.TransactionId), cancellationToken);
        }
        catch (Exception e)
        {
            first = ValueTask.FromException<T>(e);
        }

        return await WaitAsync<TCall, T>(call, policy, context, first.AsTask(), started, cancellationToken).ConfigureAwait(false);
    }

    // What a call that waits for its model allocates: this state and nothing else, so it is kept small, with one kind of awaiter. Whatever cannot be done in one go
    // follows in EndAsync, whose state is pooled, as it is awaited once.
    private static async Task<T> WaitAsync<TCall, T>(
        TCall call, BoundPolicy policy, CallContext context, Task first, long startedMs, CancellationToken cancellationToken)
        where TCall : struct, IModelCall<T>
    {
        FirstOutcome? outcome;
        Exception? failure;
        try
        {
            await first.ConfigureAwait(false);
            outcome = CallRunner.Judge(policy, context.Transaction, AnswerOf<T>(first));
            failure = null;
        }
        catch (Exception e)
        {
            failure = e;
            outcome = FirstOutcome.Unknown;
        }

        // Not in the block above: what is wrong with a charge is no failure of the model, to be tried again.
        outcome ??= CallRunner.Charge(policy, context.ModelId, context.Transaction);
        if (outcome is null)
        {
            return AnswerOf<T>(first);
        }

        Task<T> end = failure is null
            ? EndAsync(call, policy, context, AnswerOf<T>(first), outcome, startedMs, cancellationToken).AsTask()
            : FailAsync<TCall, T>(call, policy, context, failure, startedMs, cancellationToken).AsTask();
        return await end.ConfigureAwait(false);
    }

    // The first attempt has ended; what is known of its answer is in the outcome.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<T> EndAsync<TCall, T>(
        TCall call, BoundPolicy policy, CallContext context, T response, FirstOutcome outcome, long startedMs, CancellationToken cancellationToken)
        where TCall : struct, IModelCall<T>
    {
        if (outcome.DeniedBy is { } commit)
        {
            End(policy, context.ModelId, CallOutcome.Denied);
            return await DenyAsync<T>(policy, context.UserId!, commit, cancellationToken).ConfigureAwait(false);
        }

        FirstOutcome? rejected;
        try
        {
            rejected = outcome.Verdict is { } known
                ? (known.IsValid ? null : outcome)
                : await JudgeAsync(policy, response, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            return await FailAsync<TCall, T>(call, policy, context, e, startedMs, cancellationToken).ConfigureAwait(false);
        }

        if (rejected is not null)
        {
            return await RejectAsync(call, policy, context, response, rejected, startedMs, cancellationToken).ConfigureAwait(false);
        }

        await ChargeAsync(policy, context, cancellationToken).ConfigureAwait(false);
        End(policy, context.ModelId, CallOutcome.Success);
        return response;
    }

    // Of a task that is done; a method without an answer has a plain one.
    private static T AnswerOf<T>(Task done) => done is Task<T> answered ? answered.GetAwaiter().GetResult() : default!;

    // What follows a failure is not part of the state that every call carries while it waits.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<T> FailAsync<TCall, T>(
        TCall call, BoundPolicy policy, CallContext context, Exception exception, long startedMs, CancellationToken cancellationToken)
        where TCall : struct, IModelCall<T>
    {
        bool isTransient;
        try
        {
            isTransient = policy.HasRetry && TransientErrors.IsTransient(exception, policy.Retry.ShouldRetry, cancellationToken);
        }
        catch (Exception)
        {
            // A filter that throws is one that says no; so is the application's own rule.
            isTransient = false;
        }

        if (!isTransient)
        {
            EndFailed(policy, context, cancellationToken);
            ExceptionDispatchInfo.Throw(exception);
        }

        var run = new ModelRetryRun<TCall, T>(call, policy, context, startedMs, cancellationToken);
        run.AddFirstException(exception);
        return run.CompleteAsync();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<T> RejectAsync<TCall, T>(
        TCall call, BoundPolicy policy, CallContext context, T response, FirstOutcome outcome, long startedMs, CancellationToken cancellationToken)
        where TCall : struct, IModelCall<T>
    {
        ValidationResult verdict = outcome.Verdict.GetValueOrDefault();
        if (verdict.Reason == RejectionReason.ContentFilter)
        {
            EndRefused(policy, context);
            return new ValueTask<T>(response);
        }

        var run = new ModelRetryRun<TCall, T>(call, policy, context, startedMs, cancellationToken);
        run.AddFirstRejection(verdict);
        return run.CompleteAsync();
    }

    // Null for a good answer.
    private static ValueTask<FirstOutcome?> JudgeAsync<T>(BoundPolicy policy, T response, CancellationToken cancellationToken)
    {
        if (!policy.Validates)
        {
            return default;
        }

        long since = Timestamp(policy);
        if (!policy.Accepts(response))
        {
            return AskAsync(policy, response, since, cancellationToken);
        }

        policy.Instruments.ValidateTook(since);
        return default;
    }

    private static async ValueTask<FirstOutcome?> AskAsync<T>(BoundPolicy policy, T response, long since, CancellationToken cancellationToken)
    {
        ValidationResult verdict = await policy.JudgeAsync(response, cancellationToken).ConfigureAwait(false);
        policy.Instruments.ValidateTook(since);
        return verdict.IsValid ? null : FirstOutcome.Rejected(verdict);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<CallContext> BeginAsync(BoundPolicy policy, CallContext context, CancellationToken cancellationToken)
    {
        if (policy.Quotas is not { } quotas)
        {
            return context;
        }

        if (string.IsNullOrEmpty(context.UserId))
        {
            throw new ArgumentException($"The user id passed to '{policy.Operation}' is empty: a call cannot be charged to nobody. The model was not called.");
        }

        long since = Timestamp(policy);
        await policy.Runtime.EnsureStartedAsync(cancellationToken).ConfigureAwait(false);
        BeginResult begun = await policy.Keeper.BeginAsync(quotas, context.UserId, policy.Amount, cancellationToken).ConfigureAwait(false);
        policy.Instruments.BeginTook(since);
        if (begun.Denied is { } usage)
        {
            End(policy, context.ModelId, CallOutcome.Denied);
            throw new UsageLimitExceededException(context.UserId, quotas.Counter, usage);
        }

        return context with { Transaction = begun.Handle, TransactionId = policy.Runtime.Transactions.IdOf(begun.Handle) };
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask ChargeAsync(BoundPolicy policy, CallContext context, CommitResult? settled, long since, CancellationToken cancellationToken)
    {
        CommitResult result = settled ?? await policy.Keeper.CommitAsync(context.Transaction).ConfigureAwait(false);
        if (result.Status is CommitStatus.Expired or CommitStatus.NotOpen)
        {
            // Nobody else settles a call's transaction, so its time was over: the answer took longer than a transaction may stay open. It is good all the same,
            // and charged under a new one, if the limit still allows it.
            CallContext again = await BeginAsync(policy, context, CancellationToken.None).ConfigureAwait(false);
            result = await policy.Keeper.CommitAsync(again.Transaction).ConfigureAwait(false);
        }

        policy.Instruments.CommitTook(since);
        if (result.Status == CommitStatus.LimitReached)
        {
            End(policy, context.ModelId, CallOutcome.Denied);
            await DenyAsync<bool>(policy, context.UserId!, result, cancellationToken).ConfigureAwait(false);
        }
    }

    // As before Reliable: the counter moves at once, the method runs once, and what it does is what the caller sees.
    private static async ValueTask<T> RunPlainAsync<TCall, T>(
        TCall call, BoundPolicy policy, RolloutMode mode, CallContext context, CancellationToken cancellationToken)
        where TCall : struct, IModelCall<T>
    {
        await ChargeAsync(policy, context, cancellationToken).ConfigureAwait(false);
        var attempt = new AttemptContext(1, 1, transaction: context.TransactionId);
        if (mode == RolloutMode.Off)
        {
            return await call.AttemptAsync(attempt, cancellationToken).ConfigureAwait(false);
        }

        AttemptTrace? trace = AttemptTrace.Start(
            policy.Operation, context.ModelId, context.CorrelationId, context.TransactionId, attempt.Number, isFallback: false, previous: null);
        T response;
        try
        {
            response = await call.AttemptAsync(attempt, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            trace?.Fail(e);
            trace?.End();
            CallObserver.Failed(policy, context, e, call.HasFallback, cancellationToken);
            End(policy, context.ModelId, OutcomeOf(cancellationToken));
            throw;
        }

        await ObserveAsync(policy, context, response, call.HasFallback, trace, cancellationToken).ConfigureAwait(false);
        End(policy, context.ModelId, CallOutcome.Success);
        return response;
    }

    private static async ValueTask ObserveAsync<T>(
        BoundPolicy policy, CallContext context, T response, bool hasFallback, AttemptTrace? trace, CancellationToken cancellationToken)
    {
        ValidationResult verdict;
        try
        {
            verdict = await policy.JudgeAsync(response, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            trace?.Fail(e);
            trace?.End();
            CallObserver.ValidatorFailed(policy, context, e);
            return;
        }

        trace?.Judge(response, verdict);
        trace?.End();
        CallObserver.Judged(policy, context, verdict, hasFallback);
    }
}
