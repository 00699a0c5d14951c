using System.Runtime.CompilerServices;
using Reliable.Transactions;

namespace Reliable.Calls;

/// <content>
/// What leads from the fast path to the engine. Apart from it and never inlined: the values made here would be cleared at the beginning of every call, which for all of
/// them took longer than the transaction.
/// </content>
public static partial class CallRunner
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<T> StartAsync<TState, T>(
        BoundPolicy bound,
        RolloutMode mode,
        TState state,
        Func<TState, AttemptContext, CancellationToken, Task<T>> attempt,
        Func<TState, AttemptContext, CancellationToken, Task<T>>? fallback,
        string? userId,
        string? modelId,
        string? correlationId,
        IProgress<RetryStatus>? progress,
        CancellationToken cancellationToken)
        => CallEngine.StartAsync<TaskCall<TState, T>, T>(
            new TaskCall<TState, T>(state, attempt, fallback),
            bound,
            mode,
            new CallContext(userId, modelId, correlationId, progress, default, default),
            cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<T> GoOnAsync<TState, T>(
        BoundPolicy bound,
        TransactionHandle transaction,
        (ulong, ulong) id,
        Task<T> first,
        FirstOutcome outcome,
        TState state,
        Func<TState, AttemptContext, CancellationToken, Task<T>> attempt,
        Func<TState, AttemptContext, CancellationToken, Task<T>>? fallback,
        string? userId,
        string? modelId,
        string? correlationId,
        IProgress<RetryStatus>? progress,
        CancellationToken cancellationToken)
        => CallEngine.GoOnAsync<TaskCall<TState, T>, T>(
            new TaskCall<TState, T>(state, attempt, fallback),
            bound,
            new CallContext(userId, modelId, correlationId, progress, transaction, Unsafe.BitCast<(ulong, ulong), Guid>(id)),
            first,
            outcome,
            cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<T> StartAsync<TState, T>(
        BoundPolicy bound,
        RolloutMode mode,
        TState state,
        Func<TState, AttemptContext, CancellationToken, ValueTask<T>> attempt,
        Func<TState, AttemptContext, CancellationToken, ValueTask<T>>? fallback,
        string? userId,
        string? modelId,
        string? correlationId,
        IProgress<RetryStatus>? progress,
        CancellationToken cancellationToken)
        => new ValueTask<T>(CallEngine.StartAsync<ValueTaskCall<TState, T>, T>(
            new ValueTaskCall<TState, T>(state, attempt, fallback),
            bound,
            mode,
            new CallContext(userId, modelId, correlationId, progress, default, default),
            cancellationToken));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<T> GoOnAsync<TState, T>(
        BoundPolicy bound,
        TransactionHandle transaction,
        (ulong, ulong) id,
        ValueTask<T> first,
        FirstOutcome outcome,
        TState state,
        Func<TState, AttemptContext, CancellationToken, ValueTask<T>> attempt,
        Func<TState, AttemptContext, CancellationToken, ValueTask<T>>? fallback,
        string? userId,
        string? modelId,
        string? correlationId,
        IProgress<RetryStatus>? progress,
        CancellationToken cancellationToken)
        => new ValueTask<T>(CallEngine.GoOnAsync<ValueTaskCall<TState, T>, T>(
            new ValueTaskCall<TState, T>(state, attempt, fallback),
            bound,
            new CallContext(userId, modelId, correlationId, progress, transaction, Unsafe.BitCast<(ulong, ulong), Guid>(id)),
            first.AsTask(),
            outcome,
            cancellationToken));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<Nothing> StartAsync<TState>(
        BoundPolicy bound,
        RolloutMode mode,
        TState state,
        Func<TState, AttemptContext, CancellationToken, Task> attempt,
        Func<TState, AttemptContext, CancellationToken, Task>? fallback,
        string? userId,
        string? modelId,
        string? correlationId,
        IProgress<RetryStatus>? progress,
        CancellationToken cancellationToken)
        => CallEngine.StartAsync<PlainTaskCall<TState>, Nothing>(
            new PlainTaskCall<TState>(state, attempt, fallback),
            bound,
            mode,
            new CallContext(userId, modelId, correlationId, progress, default, default),
            cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<Nothing> GoOnAsync<TState>(
        BoundPolicy bound,
        TransactionHandle transaction,
        (ulong, ulong) id,
        Task first,
        FirstOutcome outcome,
        TState state,
        Func<TState, AttemptContext, CancellationToken, Task> attempt,
        Func<TState, AttemptContext, CancellationToken, Task>? fallback,
        string? userId,
        string? modelId,
        string? correlationId,
        IProgress<RetryStatus>? progress,
        CancellationToken cancellationToken)
        => CallEngine.GoOnAsync<PlainTaskCall<TState>, Nothing>(
            new PlainTaskCall<TState>(state, attempt, fallback),
            bound,
            new CallContext(userId, modelId, correlationId, progress, transaction, Unsafe.BitCast<(ulong, ulong), Guid>(id)),
            first,
            outcome,
            cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask StartAsync<TState>(
        BoundPolicy bound,
        RolloutMode mode,
        TState state,
        Func<TState, AttemptContext, CancellationToken, ValueTask> attempt,
        Func<TState, AttemptContext, CancellationToken, ValueTask>? fallback,
        string? userId,
        string? modelId,
        string? correlationId,
        IProgress<RetryStatus>? progress,
        CancellationToken cancellationToken)
        => new ValueTask(CallEngine.StartAsync<PlainValueTaskCall<TState>, Nothing>(
            new PlainValueTaskCall<TState>(state, attempt, fallback),
            bound,
            mode,
            new CallContext(userId, modelId, correlationId, progress, default, default),
            cancellationToken));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask GoOnAsync<TState>(
        BoundPolicy bound,
        TransactionHandle transaction,
        (ulong, ulong) id,
        Task first,
        FirstOutcome outcome,
        TState state,
        Func<TState, AttemptContext, CancellationToken, ValueTask> attempt,
        Func<TState, AttemptContext, CancellationToken, ValueTask>? fallback,
        string? userId,
        string? modelId,
        string? correlationId,
        IProgress<RetryStatus>? progress,
        CancellationToken cancellationToken)
        => new ValueTask(CallEngine.GoOnAsync<PlainValueTaskCall<TState>, Nothing>(
            new PlainValueTaskCall<TState>(state, attempt, fallback),
            bound,
            new CallContext(userId, modelId, correlationId, progress, transaction, Unsafe.BitCast<(ulong, ulong), Guid>(id)),
            first,
            outcome,
            cancellationToken));
}
