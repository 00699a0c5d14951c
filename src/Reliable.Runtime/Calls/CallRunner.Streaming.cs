namespace Reliable.Calls;

/// <content>Streams.</content>
public static partial class CallRunner
{
    /// <summary>Runs a method that returns <see cref="IAsyncEnumerable{T}"/>.</summary>
    public static IAsyncEnumerable<T> StreamAsync<TState, T>(
        ReliableRuntime runtime,
        CallPolicy policy,
        TState state,
        Func<TState, AttemptContext, CancellationToken, IAsyncEnumerable<T>> attempt,
        Func<TState, AttemptContext, CancellationToken, IAsyncEnumerable<T>>? fallback = null,
        string? userId = null,
        string? modelId = null,
        string? correlationId = null,
        IProgress<RetryStatus>? progress = null,
        CancellationToken cancellationToken = default)
        => throw new NotSupportedException("Streams are not there yet.");
}
