using System.Runtime.CompilerServices;
using Reliable.Diagnostics;
using Reliable.Retry;
using Reliable.Streaming;

namespace Reliable.Calls;

/// <summary>Streams as they were before Reliable: charged at once, passed on as they come. Where Reliable observes, judged beside.</summary>
internal static class PlainStream
{
    /// <param name="call">The call.</param>
    /// <param name="policy">Its policy.</param>
    /// <param name="mode">Off or observe.</param>
    /// <param name="link">What joins the caller's tokens, disposed at the end; <see langword="null"/> when nothing does.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public static async IAsyncEnumerable<T> RunAsync<TState, T>(
        StreamedCall<TState, T> call,
        BoundPolicy policy,
        RolloutMode mode,
        CancellationTokenSource? link,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource? both = link;
        CallContext context = call.Context;
        if (policy.Quotas is not null)
        {
            context = await CallEngine.BeginCallAsync(policy, mode, context, cancellationToken).ConfigureAwait(false);
            await CallEngine.ChargeAsync(policy, context, cancellationToken).ConfigureAwait(false);
        }

        StreamObserver<T>? observer = mode == RolloutMode.Observe ? new StreamObserver<T>(policy, context, call.HasFallback, cancellationToken) : null;
        var attempt = new AttemptContext(1, 1, transaction: context.TransactionId);
        try
        {
            IAsyncEnumerator<T> updates = Start(call, attempt, observer, cancellationToken);
            await using ConfiguredAsyncDisposable disposing = updates.ConfigureAwait(false);
            while (await MoveAsync(updates, observer).ConfigureAwait(false))
            {
                observer?.Add(updates.Current);
                yield return updates.Current;
            }

            observer?.End();
        }
        finally
        {
            observer?.Leave();
        }
    }

    private static IAsyncEnumerator<T> Start<TState, T>(
        StreamedCall<TState, T> call, AttemptContext attempt, StreamObserver<T>? observer, CancellationToken cancellationToken)
    {
        try
        {
            return call.Attempt(attempt, cancellationToken).GetAsyncEnumerator(cancellationToken);
        }
        catch (Exception e)
        {
            observer?.Fail(e);
            throw;
        }
    }

    private static ValueTask<bool> MoveAsync<T>(IAsyncEnumerator<T> updates, StreamObserver<T>? observer)
        => observer is null ? updates.MoveNextAsync() : observer.MoveAsync(updates);
}
