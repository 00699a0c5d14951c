using System.Collections.Concurrent;

namespace Reliable.Transactions;

/// <summary>
/// Readings of the store that are under way: the callers of one user share one. They are kept here and not in the quotas they are for, because a young task in an entry
/// that is old has the collector look through that entry, and a million users are many.
/// </summary>
internal sealed class SharedReadings
{
    private readonly ConcurrentDictionary<Quota, Task> _running = new();

    /// <summary>How many are under way.</summary>
    public int Count => _running.Count;

    /// <summary>Starts a reading, or joins the one that is under way.</summary>
    /// <param name="quota">The quota that is read.</param>
    /// <param name="source">Handed to <paramref name="refresh"/>.</param>
    /// <param name="refresh">Asks the store.</param>
    /// <param name="continuations">How callers that wait for it go on.</param>
    public Task Join(
        Quota quota, object source, Func<object, Quota, Task> refresh, TaskCreationOptions continuations = TaskCreationOptions.RunContinuationsAsynchronously)
    {
        if (_running.TryGetValue(quota, out Task? running))
        {
            return running;
        }

        var start = new TaskCompletionSource(continuations);
        running = _running.GetOrAdd(quota, start.Task);
        if (running == start.Task)
        {
            _ = CompleteAsync(start, quota, source, refresh);
        }

        return running;
    }

    // However the reading ends, also before it has begun: who waits for it goes on. Whoever comes after it was removed asks anew.
    private async Task CompleteAsync(TaskCompletionSource start, Quota quota, object source, Func<object, Quota, Task> refresh)
    {
        try
        {
            await refresh(source, quota).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            _running.TryRemove(quota, out _);
            start.SetResult();
        }
    }
}
