using System.ComponentModel;

namespace Reliable.Calls;

/// <summary>Runs a method under its policy. The only thing generated code calls.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CallRunner
{
    /// <summary>Runs a method that returns <see cref="Task{TResult}"/>.</summary>
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
        => attempt(state, new AttemptContext(1, 1), cancellationToken);

    /// <summary>Runs a method that returns <see cref="ValueTask{TResult}"/>.</summary>
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
        => attempt(state, new AttemptContext(1, 1), cancellationToken);
}
