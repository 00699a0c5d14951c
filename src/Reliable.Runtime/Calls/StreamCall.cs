using Reliable.Diagnostics;
using Reliable.Streaming;

namespace Reliable.Calls;

/// <summary>The attempts of a streamed method: each is opened until its answer may be shown, and the rest is its reader's.</summary>
internal readonly struct StreamCall<TState, T>(StreamedCall<TState, T> call, BoundPolicy policy, string logId, Handover<T>? handover) : IModelCall<StreamAttempt<T>>
{
    private readonly StreamedCall<TState, T> _call = call;

    public bool HasFallback => _call.HasFallback;

    public ValueTask<StreamAttempt<T>> AttemptAsync(AttemptContext context, CancellationToken cancellationToken)
    {
        StreamedCall<TState, T> call = _call;
        return OpenAsync(token => call.Attempt(context, token), policy, logId, handover, cancellationToken);
    }

    public ValueTask<StreamAttempt<T>> FallbackAsync(AttemptContext context, CancellationToken cancellationToken)
    {
        StreamedCall<TState, T> call = _call;
        return OpenAsync(token => call.Fallback(context, token), policy, logId, handover, cancellationToken);
    }

    /// <summary>Closes what is left of an attempt. That it cannot be closed changes nothing for anybody, and is logged.</summary>
    public static async ValueTask CloseAsync(StreamAttempt<T> attempt, BoundPolicy policy, string logId)
    {
        await attempt.DisposeAsync().ConfigureAwait(false);
        if (attempt.DisposeFailure is { } exception)
        {
            Log.StreamNotClosed(policy.Runtime.Logger, exception, logId, exception.GetType().Name);
        }
    }

    private static async ValueTask<StreamAttempt<T>> OpenAsync(
        Func<CancellationToken, IAsyncEnumerable<T>> source, BoundPolicy policy, string logId, Handover<T>? handover, CancellationToken cancellationToken)
    {
        var attempt = new StreamAttempt<T>(policy.Stream, policy.BeginStream<T>(), policy.Runtime.Time);
        bool isOpen = false;
        try
        {
            await attempt.OpenAsync(source, handover, cancellationToken).ConfigureAwait(false);
            isOpen = attempt.Rejection is null;
        }
        finally
        {
            if (!isOpen)
            {
                await CloseAsync(attempt, policy, logId).ConfigureAwait(false);
            }
        }

        if (isOpen && !attempt.IsProved)
        {
            Log.StreamReleasedUnproved(policy.Runtime.Logger, logId, attempt.Held.Count);
        }

        return attempt;
    }
}
