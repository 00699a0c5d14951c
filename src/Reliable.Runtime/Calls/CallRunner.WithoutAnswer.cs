using Reliable.Transactions;
using Reliable.Usage;

namespace Reliable.Calls;

/// <content>Methods that return no answer: retried and charged like others, and never judged.</content>
public static partial class CallRunner
{
    /// <summary>Runs a method that returns <see cref="Task"/>.</summary>
    /// <inheritdoc cref="RunAsync{TState, T}(ReliableRuntime, CallPolicy, TState, Func{TState, AttemptContext, CancellationToken, Task{T}}, Func{TState, AttemptContext, CancellationToken, Task{T}}?, string?, string?, string?, IProgress{RetryStatus}?, CancellationToken)"/>
    public static Task RunAsync<TState>(
        ReliableRuntime runtime,
        CallPolicy policy,
        TState state,
        Func<TState, AttemptContext, CancellationToken, Task> attempt,
        Func<TState, AttemptContext, CancellationToken, Task>? fallback = null,
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

        var call = new PlainTaskCall<TState>(state, attempt, fallback);
        if (mode != RolloutMode.On || !bound.IsFirstAttemptInline || cancellationToken.IsCancellationRequested
            || !TryBegin(bound, userId, out TransactionHandle transaction))
        {
            return CallEngine.RunAsync<PlainTaskCall<TState>, Nothing>(call, bound, mode, userId, modelId, correlationId, progress, cancellationToken).AsTask();
        }

        Guid id = IdOf(bound, transaction);
        Task first;
        ValidationResult? verdict = null;
        try
        {
            first = attempt(state, new AttemptContext(1, bound.Retry.MaxAttempts, transaction: id), cancellationToken);
            if (first.IsCompletedSuccessfully && TryFinish(bound, modelId, transaction, default(Nothing), out verdict, out CommitResult commit))
            {
                return commit.IsCharged ? first : CallEngine.DenyAsync<Nothing>(bound, userId!, commit, cancellationToken).AsTask();
            }
        }
        catch (Exception e)
        {
            first = Task.FromException(e);
        }

        CallContext context = ContextOf(userId, modelId, correlationId, progress, transaction, id);
        return CallEngine.FinishAsync(call, bound, context, Nothing.After(first), verdict, bound.Runtime.NowMs, cancellationToken).AsTask();
    }

    /// <summary>Runs a method that returns <see cref="ValueTask"/>.</summary>
    /// <inheritdoc cref="RunAsync{TState, T}(ReliableRuntime, CallPolicy, TState, Func{TState, AttemptContext, CancellationToken, Task{T}}, Func{TState, AttemptContext, CancellationToken, Task{T}}?, string?, string?, string?, IProgress{RetryStatus}?, CancellationToken)"/>
    public static ValueTask RunAsync<TState>(
        ReliableRuntime runtime,
        CallPolicy policy,
        TState state,
        Func<TState, AttemptContext, CancellationToken, ValueTask> attempt,
        Func<TState, AttemptContext, CancellationToken, ValueTask>? fallback = null,
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

        var call = new PlainValueTaskCall<TState>(state, attempt, fallback);
        if (mode != RolloutMode.On || !bound.IsFirstAttemptInline || cancellationToken.IsCancellationRequested
            || !TryBegin(bound, userId, out TransactionHandle transaction))
        {
            return Plain(CallEngine.RunAsync<PlainValueTaskCall<TState>, Nothing>(call, bound, mode, userId, modelId, correlationId, progress, cancellationToken));
        }

        Guid id = IdOf(bound, transaction);
        ValueTask<Nothing> first;
        ValidationResult? verdict = null;
        try
        {
            first = Nothing.After(attempt(state, new AttemptContext(1, bound.Retry.MaxAttempts, transaction: id), cancellationToken));
            if (first.IsCompletedSuccessfully && TryFinish(bound, modelId, transaction, default(Nothing), out verdict, out CommitResult commit))
            {
                return commit.IsCharged ? default : Plain(CallEngine.DenyAsync<Nothing>(bound, userId!, commit, cancellationToken));
            }
        }
        catch (Exception e)
        {
            first = ValueTask.FromException<Nothing>(e);
        }

        CallContext context = ContextOf(userId, modelId, correlationId, progress, transaction, id);
        return Plain(CallEngine.FinishAsync(call, bound, context, first, verdict, bound.Runtime.NowMs, cancellationToken));
    }

    private static ValueTask Plain(ValueTask<Nothing> task) => task.IsCompletedSuccessfully ? default : new ValueTask(task.AsTask());
}
