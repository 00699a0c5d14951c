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

        if (mode != RolloutMode.On || !bound.IsFirstAttemptInline || cancellationToken.IsCancellationRequested
            || !TryBegin(bound, userId, out TransactionHandle transaction))
        {
            return CallEngine.StartAsync<TaskCall<TState, T>, T>(
                new TaskCall<TState, T>(state, attempt, fallback),
                bound,
                mode,
                new CallContext(userId, modelId, correlationId, progress, default, default),
                cancellationToken);
        }

        Guid id = IdOf(bound, transaction);
        Task<T> first;
        FirstOutcome? outcome = FirstOutcome.Unknown;
        try
        {
            first = attempt(state, new AttemptContext(1, bound.Retry.MaxAttempts, transaction: id), cancellationToken);
            if (first.IsCompletedSuccessfully)
            {
                outcome = Settle(bound, modelId, transaction, first.GetAwaiter().GetResult());
            }
        }
        catch (Exception e)
        {
            first = Task.FromException<T>(e);
        }

        return outcome is null
            ? first
            : CallEngine.GoOnAsync(
                new TaskCall<TState, T>(state, attempt, fallback),
                bound,
                new CallContext(userId, modelId, correlationId, progress, transaction, id),
                new ValueTask<T>(first),
                outcome,
                cancellationToken);
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

        if (mode != RolloutMode.On || !bound.IsFirstAttemptInline || cancellationToken.IsCancellationRequested
            || !TryBegin(bound, userId, out TransactionHandle transaction))
        {
            return new ValueTask<T>(CallEngine.StartAsync<ValueTaskCall<TState, T>, T>(
                new ValueTaskCall<TState, T>(state, attempt, fallback),
                bound,
                mode,
                new CallContext(userId, modelId, correlationId, progress, default, default),
                cancellationToken));
        }

        Guid id = IdOf(bound, transaction);
        ValueTask<T> first;
        FirstOutcome outcome = FirstOutcome.Unknown;
        try
        {
            ValueTask<T> started = attempt(state, new AttemptContext(1, bound.Retry.MaxAttempts, transaction: id), cancellationToken);
            if (started.IsCompletedSuccessfully)
            {
                // A task with a source behind it wants to be asked, and only once.
                T response = started.GetAwaiter().GetResult();
                if (Settle(bound, modelId, transaction, response) is not { } unsettled)
                {
                    return new ValueTask<T>(response);
                }

                outcome = unsettled;
                first = new ValueTask<T>(response);
            }
            else
            {
                first = started;
            }
        }
        catch (Exception e)
        {
            first = ValueTask.FromException<T>(e);
        }

        return new ValueTask<T>(CallEngine.GoOnAsync(
            new ValueTaskCall<TState, T>(state, attempt, fallback),
            bound,
            new CallContext(userId, modelId, correlationId, progress, transaction, id),
            first,
            outcome,
            cancellationToken));
    }

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

    // Judges and charges, where neither has to wait.
    // Returns null when the call is over and its answer good: that is tested once, and costs nothing. Otherwise what is known for the engine to go on with.
    private static FirstOutcome? Settle<T>(BoundPolicy bound, string? modelId, TransactionHandle transaction, T response)
    {
        if (!transaction.IsNone && !bound.Keeper.IsInProcess)
        {
            return FirstOutcome.Unknown;
        }

        long since = CallEngine.Timestamp(bound);
        if (!bound.TryJudge(response, out ValidationResult verdict))
        {
            return FirstOutcome.Unknown;
        }

        bound.Instruments.ValidateTook(since);
        if (!verdict.IsValid)
        {
            return FirstOutcome.Rejected(verdict);
        }

        if (!transaction.IsNone)
        {
            since = CallEngine.Timestamp(bound);
            if (!bound.Keeper.TryCommit(transaction, out CommitResult commit))
            {
                return FirstOutcome.Good;
            }

            bound.Instruments.CommitTook(since);
            if (!commit.IsCharged)
            {
                return FirstOutcome.Denied(commit);
            }
        }

        bound.Instruments.Ended(bound.Operation, modelId, CallOutcome.Success);
        return null;
    }
}
