namespace Reliable.Calls;

public static partial class CallRunner
{
    /// <summary>
    /// Runs a method that returns <see cref="IAsyncEnumerable{T}"/>. Nothing happens until it is enumerated, and each enumeration is a call of its own.
    /// </summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="policy">What the method's attributes say.</param>
    /// <param name="state">What the attempts need.</param>
    /// <param name="attempt">The Core method.</param>
    /// <param name="fallback">The last resort, or <see langword="null"/>.</param>
    /// <param name="userId">Who is charged.</param>
    /// <param name="modelId">Which model is called, or <see langword="null"/>.</param>
    /// <param name="correlationId">The conversation, or <see langword="null"/>.</param>
    /// <param name="progress">Who is told of retries, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">The caller's; the one given to the enumeration is heeded as well.</param>
    /// <exception cref="UsageLimitExceededException">The quota does not allow the call. Thrown by the enumeration, as all others are.</exception>
    /// <exception cref="RetriesExhaustedException">Every attempt failed, or the answer turned out invalid after it was shown.</exception>
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
        => new StreamedCall<TState, T>(
            runtime, policy, state, attempt, fallback, new CallContext(userId, modelId, correlationId, progress, default, default), cancellationToken);
}
