using Microsoft.Extensions.Logging;

namespace Reliable.Diagnostics;

/// <summary>What came of the calls that were only observed, since the start of the process; thread-safe.</summary>
internal sealed class ObservedTotals
{
    private long _calls;
    private long _retried;
    private long _different;
    private long _charged;
    private long _chargedAndRetried;
    private long _reported;

    /// <summary>Adds a call.</summary>
    /// <param name="isAccepted">Whether nothing would have been different.</param>
    /// <param name="isRetried">Whether it would have been tried again.</param>
    /// <param name="charged">How much it was charged.</param>
    public void Add(bool isAccepted, bool isRetried, int charged)
    {
        if (!isAccepted)
        {
            Interlocked.Increment(ref _different);
            Interlocked.Add(ref _charged, charged);
        }

        if (isRetried)
        {
            Interlocked.Increment(ref _retried);
            Interlocked.Add(ref _chargedAndRetried, charged);
        }

        Interlocked.Increment(ref _calls);
    }

    /// <summary>Says what came of them, when there are new ones since it was said last.</summary>
    public void Report(ILogger logger)
    {
        long calls = Volatile.Read(ref _calls);
        if (Interlocked.Exchange(ref _reported, calls) == calls)
        {
            return;
        }

        // A retry may end with a good answer, which is charged like this one was: between that and none lies the difference.
        long most = Volatile.Read(ref _charged);
        long least = most - Volatile.Read(ref _chargedAndRetried);
        Log.ObservedSoFar(logger, calls, Volatile.Read(ref _retried), Volatile.Read(ref _different), least, most);
    }
}
