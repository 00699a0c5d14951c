using Reliable.Streaming;

namespace Reliable.Calls;

/// <summary>A streamed call that is made whenever somebody enumerates it.</summary>
internal sealed class StreamedCall<TState, T>(
    ReliableRuntime runtime,
    CallPolicy policy,
    TState state,
    Func<TState, AttemptContext, CancellationToken, IAsyncEnumerable<T>> attempt,
    Func<TState, AttemptContext, CancellationToken, IAsyncEnumerable<T>>? fallback,
    CallContext context,
    CancellationToken cancellationToken) : IAsyncEnumerable<T>
{
    public bool HasFallback => fallback is not null;

    /// <summary>Whose call it is, before it has a transaction.</summary>
    public CallContext Context => context;

    public IAsyncEnumerable<T> Attempt(AttemptContext number, CancellationToken token) => attempt(state, number, token);

    public IAsyncEnumerable<T> Fallback(AttemptContext number, CancellationToken token) => fallback!(state, number, token);

    /// <exception cref="InvalidOperationException">The method's validator cannot judge such a stream.</exception>
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken enumeration = default)
    {
        BoundPolicy bound = runtime.Bind(policy);
        RolloutMode mode = bound.Settings.Gate.Decide(context.UserId, context.ModelId);
        if (mode == RolloutMode.On)
        {
            return new StreamRun<TState, T>(this, bound, CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, enumeration));
        }

        CancellationTokenSource? both = cancellationToken.CanBeCanceled && enumeration.CanBeCanceled && enumeration != cancellationToken
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, enumeration)
            : null;
        CancellationToken caller = both?.Token ?? (enumeration.CanBeCanceled ? enumeration : cancellationToken);
        return mode == RolloutMode.Off && bound.Quotas is null && both is null
            ? Attempt(new AttemptContext(1, 1), caller).GetAsyncEnumerator(caller)
            : PlainStream.RunAsync(this, bound, mode, both, caller).GetAsyncEnumerator(CancellationToken.None);
    }
}
