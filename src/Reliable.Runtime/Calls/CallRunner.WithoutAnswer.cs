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

        if (mode != RolloutMode.On || !bound.IsFirstAttemptInline || cancellationToken.IsCancellationRequested
            || !TryBegin(bound, userId, out TransactionHandle transaction))
        {
            return StartAsync(bound, mode, state, attempt, fallback, userId, modelId, correlationId, progress, cancellationToken);
        }

        (ulong, ulong) id = IdOf(bound, transaction);
        Task first;
        FirstOutcome? outcome = FirstOutcome.Unknown;
        try
        {
            first = attempt(state, new AttemptContext(1, bound.MaxAttempts, id), cancellationToken);
            if (first.IsCompletedSuccessfully)
            {
                outcome = Judge(bound, transaction, default(Nothing));
            }
        }
        catch (Exception e)
        {
            first = Task.FromException(e);
        }

        // Not in the block above: what is wrong with a charge is no failure of the model, to be tried again.
        outcome ??= Charge(bound, modelId, transaction);
        return outcome is null
            ? first
            : GoOnAsync(bound, transaction, id, first, outcome, state, attempt, fallback, userId, modelId, correlationId, progress, cancellationToken);
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

        if (mode != RolloutMode.On || !bound.IsFirstAttemptInline || cancellationToken.IsCancellationRequested
            || !TryBegin(bound, userId, out TransactionHandle transaction))
        {
            return StartAsync(bound, mode, state, attempt, fallback, userId, modelId, correlationId, progress, cancellationToken);
        }

        (ulong, ulong) id = IdOf(bound, transaction);
        Task first;
        FirstOutcome? outcome = FirstOutcome.Unknown;
        try
        {
            ValueTask started = attempt(state, new AttemptContext(1, bound.MaxAttempts, id), cancellationToken);
            if (started.IsCompletedSuccessfully)
            {
                // A task with a source behind it wants to be asked, and only once.
                started.GetAwaiter().GetResult();
                first = Task.CompletedTask;
                outcome = Judge(bound, transaction, default(Nothing));
            }
            else
            {
                first = started.AsTask();
            }
        }
        catch (Exception e)
        {
            first = Task.FromException(e);
        }

        // Not in the block above: what is wrong with a charge is no failure of the model, to be tried again.
        outcome ??= Charge(bound, modelId, transaction);
        return outcome is null
            ? default
            : GoOnAsync(bound, transaction, id, first, outcome, state, attempt, fallback, userId, modelId, correlationId, progress, cancellationToken);
    }
}
