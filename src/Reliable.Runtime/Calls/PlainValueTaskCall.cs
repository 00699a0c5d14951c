namespace Reliable.Calls;

/// <summary>The attempts of a method that returns <see cref="ValueTask"/>.</summary>
internal readonly struct PlainValueTaskCall<TState>(
    TState state,
    Func<TState, AttemptContext, CancellationToken, ValueTask> attempt,
    Func<TState, AttemptContext, CancellationToken, ValueTask>? fallback) : IModelCall<Nothing>
{
    public bool HasFallback => fallback is not null;

    public ValueTask<Nothing> AttemptAsync(AttemptContext context, CancellationToken cancellationToken)
        => Nothing.After(attempt(state, context, cancellationToken));

    public ValueTask<Nothing> FallbackAsync(AttemptContext context, CancellationToken cancellationToken)
        => Nothing.After(fallback!(state, context, cancellationToken));
}
