using System.ComponentModel;
using System.Runtime.CompilerServices;
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
            return StartAsync(bound, mode, state, attempt, fallback, userId, modelId, correlationId, progress, cancellationToken);
        }

        (ulong, ulong) id = IdOf(bound, transaction);
        Task<T> first;
        FirstOutcome? outcome = FirstOutcome.Unknown;
        try
        {
            first = attempt(state, new AttemptContext(1, bound.MaxAttempts, id), cancellationToken);
            if (first.IsCompletedSuccessfully)
            {
                outcome = Judge(bound, transaction, first.GetAwaiter().GetResult());
            }
        }
        catch (Exception e)
        {
            first = Task.FromException<T>(e);
        }

        // Not in the block above: what is wrong with a charge is no failure of the model, to be tried again.
        outcome ??= Charge(bound, modelId, transaction);
        return outcome is null
            ? first
            : GoOnAsync(bound, transaction, id, first, outcome, state, attempt, fallback, userId, modelId, correlationId, progress, cancellationToken);
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
            return StartAsync(bound, mode, state, attempt, fallback, userId, modelId, correlationId, progress, cancellationToken);
        }

        (ulong, ulong) id = IdOf(bound, transaction);
        ValueTask<T> first;
        FirstOutcome? outcome = FirstOutcome.Unknown;
        try
        {
            ValueTask<T> started = attempt(state, new AttemptContext(1, bound.MaxAttempts, id), cancellationToken);
            if (started.IsCompletedSuccessfully)
            {
                // A task with a source behind it wants to be asked, and only once.
                T response = started.GetAwaiter().GetResult();
                first = new ValueTask<T>(response);
                outcome = Judge(bound, transaction, response);
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

        // Not in the block above: what is wrong with a charge is no failure of the model, to be tried again.
        outcome ??= Charge(bound, modelId, transaction);
        return outcome is null
            ? first
            : GoOnAsync(bound, transaction, id, first, outcome, state, attempt, fallback, userId, modelId, correlationId, progress, cancellationToken);
    }

    private static bool TryBegin(BoundPolicy bound, string? userId, out TransactionHandle transaction)
    {
        transaction = default;
        if (bound.Quotas is not { } quotas)
        {
            return true;
        }

        long since = CallEngine.Timestamp(bound);
        if (string.IsNullOrEmpty(userId) || !bound.Keeper.TryBegin(quotas, userId, bound.Amount, bound.Settings.TimeToLiveMs, out transaction))
        {
            return false;
        }

        bound.Instruments.BeginTook(since);
        return true;
    }

    private static (ulong Start, ulong End) IdOf(BoundPolicy bound, TransactionHandle transaction)
        => transaction.IsNone ? default : bound.Runtime.Transactions.IdWordsOf(transaction);

    // Judges, where neither that nor the charge has to wait: null when the answer is good. Otherwise what is known for the engine to go on with.
    internal static FirstOutcome? Judge<T>(BoundPolicy bound, TransactionHandle transaction, T response)
    {
        if (!transaction.IsNone && !bound.Keeper.IsInProcess)
        {
            return FirstOutcome.Unknown;
        }

        if (bound.Validates)
        {
            long since = CallEngine.Timestamp(bound);
            if (!bound.Accepts(response) && JudgeClosely(bound, response) is { } unsettled)
            {
                return unsettled;
            }

            bound.Instruments.ValidateTook(since);
        }

        return null;
    }

    // Charges a good answer: null when the call is over, which is tested once and costs nothing.
    internal static FirstOutcome? Charge(BoundPolicy bound, string? modelId, TransactionHandle transaction)
    {
        if (transaction.IsNone)
        {
            bound.Instruments.Ended(bound.Operation, modelId, CallOutcome.Success);
            return null;
        }

        long since = CallEngine.Timestamp(bound);
        if (!bound.Keeper.TryCommit(transaction, bound.Settings.Terms, out CommitResult commit))
        {
            return FirstOutcome.Good;
        }

        bound.Instruments.CommitTook(since);
        if (!commit.IsCharged)
        {
            return FirstOutcome.Denied(commit);
        }

        bound.Instruments.Settled(bound.Operation, modelId);
        return null;
    }

    // Returns null for a good answer.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static FirstOutcome? JudgeClosely<T>(BoundPolicy bound, T response)
        => !bound.TryJudge(response, out ValidationResult verdict) ? FirstOutcome.Unknown : verdict.IsValid ? null : FirstOutcome.Rejected(verdict);
}
