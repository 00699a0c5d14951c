namespace Reliable.Calls;

/// <summary>The attempts of a method that returns <see cref="Task{TResult}"/>.</summary>
internal readonly struct TaskCall<TState, T>(
    TState state,
    Func<TState, AttemptContext, CancellationToken, Task<T>> attempt,
    Func<TState, AttemptContext, CancellationToken, Task<T>>? fallback) : IModelCall<T>
{
    public bool HasFallback => fallback is not null;

    public ValueTask<T> AttemptAsync(AttemptContext context, CancellationToken cancellationToken) => new(attempt(state, context, cancellationToken));

    public ValueTask<T> FallbackAsync(AttemptContext context, CancellationToken cancellationToken) => new(fallback!(state, context, cancellationToken));
}
