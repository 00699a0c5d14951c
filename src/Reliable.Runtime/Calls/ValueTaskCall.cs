namespace Reliable.Calls;

/// <summary>The attempts of a method that returns <see cref="ValueTask{TResult}"/>.</summary>
internal readonly struct ValueTaskCall<TState, T>(
    TState state,
    Func<TState, AttemptContext, CancellationToken, ValueTask<T>> attempt,
    Func<TState, AttemptContext, CancellationToken, ValueTask<T>>? fallback) : IModelCall<T>
{
    public bool HasFallback => fallback is not null;

    public ValueTask<T> AttemptAsync(AttemptContext context, CancellationToken cancellationToken) => attempt(state, context, cancellationToken);

    public ValueTask<T> FallbackAsync(AttemptContext context, CancellationToken cancellationToken) => fallback!(state, context, cancellationToken);
}
