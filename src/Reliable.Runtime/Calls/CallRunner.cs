using System.ComponentModel;
using Reliable.Diagnostics;
using Reliable.Transactions;
using Reliable.Usage;

namespace Reliable.Calls;

/// <summary>
/// Runs a method under its policy. The only thing generated code calls. A first attempt that completes synchronously with a good answer is begun, judged,
/// charged and returned here without an allocation; everything else is <c>CallEngine</c>'s.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class CallRunner
{
    /// <summary>Runs a method that returns <see cref="Task{TResult}"/>.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="policy">What the method's attributes say.</param>
    /// <param name="state">What the attempts need.</param>
    /// <param name="attempt">The Core method.</param>
    /// <param name="fallback">The last resort, or <see langword="null"/>.</param>
    /// <param name="userId">Who is charged.</param>
    /// <param name="modelId">Which model is called, or <see langword="null"/>.</param>
    /// <param name="correlationId">The conversation, or <see langword="null"/>.</param>
    /// <param name="progress">Who is told of retries, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="UsageLimitExceededException">The quota does not allow the call.</exception>
    /// <exception cref="RetriesExhaustedException">Every attempt failed.</exception>
    public static Task<T> RunAsync<TState, T>(
        ReliableRuntime runtime,
        CallPolicy policy,
        TState state,
        Func<TState, AttemptContext, CancellationToken, Task<T>> attempt,
        Func<TState, AttemptContext, CancellationToken, Task<T>>? fallback = null,
        string? userId = null,
        string? modelId = null,
        string? correlationId = null,
        IProgress<RetryStatus>? progress = null,
        CancellationToken cancellationToken = default)
    {
        BoundPolicy bound = runtime.Bind(policy);
        RolloutMode mode = bound.Settings.Gate.Decide(userId, modelId);
        if (mode == RolloutMode.Off && bound.Quotas is null)
        {
            return attempt(state, new AttemptContext(1, 1), cancellationToken);
        }

        var call = new TaskCall<TState, T>(state, attempt, fallback);
        if (mode != RolloutMode.On || !bound.IsFirstAttemptInline || cancellationToken.IsCancellationRequested
            || !TryBegin(bound, userId, out TransactionHandle transaction))
        {
            return CallEngine.RunAsync<TaskCall<TState, T>, T>(call, bound, mode, userId, modelId, correlationId, progress, cancellationToken).AsTask();
        }

        Guid id = IdOf(bound, transaction);
        Task<T> first;
        ValidationResult? verdict = null;
        try
        {
            first = attempt(state, new AttemptContext(1, bound.Retry.MaxAttempts, transaction: id), cancellationToken);
            if (first.IsCompletedSuccessfully && TryFinish(bound, modelId, transaction, first.GetAwaiter().GetResult(), out verdict, out CommitResult commit))
            {
                return commit.IsCharged ? first : CallEngine.DenyAsync<T>(bound, userId!, commit, cancellationToken).AsTask();
            }
        }
        catch (Exception e)
        {
            first = Task.FromException<T>(e);
        }

        CallContext context = ContextOf(userId, modelId, correlationId, progress, transaction, id);
        return CallEngine.FinishAsync(call, bound, context, new ValueTask<T>(first), verdict, bound.Runtime.NowMs, cancellationToken).AsTask();
    }

    /// <summary>Runs a method that returns <see cref="ValueTask{TResult}"/>.</summary>
    /// <inheritdoc cref="RunAsync{TState, T}(ReliableRuntime, CallPolicy, TState, Func{TState, AttemptContext, CancellationToken, Task{T}}, Func{TState, AttemptContext, CancellationToken, Task{T}}?, string?, string?, string?, IProgress{RetryStatus}?, CancellationToken)"/>
    public static ValueTask<T> RunAsync<TState, T>(
        ReliableRuntime runtime,
        CallPolicy policy,
        TState state,
        Func<TState, AttemptContext, CancellationToken, ValueTask<T>> attempt,
        Func<TState, AttemptContext, CancellationToken, ValueTask<T>>? fallback = null,
        string? userId = null,
        string? modelId = null,
        string? correlationId = null,
        IProgress<RetryStatus>? progress = null,
        CancellationToken cancellationToken = default)
    {
        BoundPolicy bound = runtime.Bind(policy);
        RolloutMode mode = bound.Settings.Gate.Decide(userId, modelId);
        if (mode == RolloutMode.Off && bound.Quotas is null)
        {
            return attempt(state, new AttemptContext(1, 1), cancellationToken);
        }

        var call = new ValueTaskCall<TState, T>(state, attempt, fallback);
        if (mode != RolloutMode.On || !bound.IsFirstAttemptInline || cancellationToken.IsCancellationRequested
            || !TryBegin(bound, userId, out TransactionHandle transaction))
        {
            return CallEngine.RunAsync<ValueTaskCall<TState, T>, T>(call, bound, mode, userId, modelId, correlationId, progress, cancellationToken);
        }

        Guid id = IdOf(bound, transaction);
        Task<T> pending;
        ValidationResult? verdict = null;
        try
        {
            ValueTask<T> first = attempt(state, new AttemptContext(1, bound.Retry.MaxAttempts, transaction: id), cancellationToken);
            if (!first.IsCompletedSuccessfully)
            {
                return CallEngine.FinishAsync(
                    call, bound, ContextOf(userId, modelId, correlationId, progress, transaction, id), first, verdict, bound.Runtime.NowMs, cancellationToken);
            }

            T response = first.GetAwaiter().GetResult();
            if (TryFinish(bound, modelId, transaction, response, out verdict, out CommitResult commit))
            {
                return commit.IsCharged ? new ValueTask<T>(response) : CallEngine.DenyAsync<T>(bound, userId!, commit, cancellationToken);
            }

            pending = Task.FromResult(response);
        }
        catch (Exception e)
        {
            pending = Task.FromException<T>(e);
        }

        return CallEngine.FinishAsync(
            call,
            bound,
            ContextOf(userId, modelId, correlationId, progress, transaction, id),
            new ValueTask<T>(pending),
            verdict,
            bound.Runtime.NowMs,
            cancellationToken);
    }

    private static CallContext ContextOf(
        string? userId, string? modelId, string? correlationId, IProgress<RetryStatus>? progress, TransactionHandle transaction, Guid id)
        => new(userId, modelId, correlationId, progress, transaction, id);

    private static bool TryBegin(BoundPolicy bound, string? userId, out TransactionHandle transaction)
    {
        transaction = default;
        if (bound.Quotas is not { } quotas)
        {
            return true;
        }

        long since = CallEngine.Timestamp(bound);
        if (string.IsNullOrEmpty(userId) || !bound.Keeper.TryBegin(quotas, userId, bound.Amount, out transaction))
        {
            return false;
        }

        bound.Instruments.BeginTook(since);
        return true;
    }

    private static Guid IdOf(BoundPolicy bound, TransactionHandle transaction)
        => transaction.IsNone ? Guid.Empty : bound.Runtime.Transactions.IdOf(transaction);

    // Judged good and settled at once; otherwise nothing has happened but, perhaps, the verdict, and the engine goes on from there.
    private static bool TryFinish<T>(
        BoundPolicy bound, string? modelId, TransactionHandle transaction, T response, out ValidationResult? verdict, out CommitResult commit)
    {
        commit = default;
        verdict = null;
        if (!transaction.IsNone && !bound.Keeper.IsInProcess)
        {
            return false;
        }

        long since = CallEngine.Timestamp(bound);
        if (!bound.TryJudge(response, out ValidationResult judged))
        {
            return false;
        }

        bound.Instruments.ValidateTook(since);
        verdict = judged;
        if (!judged.IsValid)
        {
            return false;
        }

        since = CallEngine.Timestamp(bound);
        if (!transaction.IsNone && !bound.Keeper.TryCommit(transaction, out commit))
        {
            return false;
        }

        bound.Instruments.CommitTook(since);
        bound.Instruments.Ended(bound.Operation, modelId, commit.IsCharged ? CallOutcome.Success : CallOutcome.Denied);
        return true;
    }
}
