namespace Reliable.Usage;

/// <summary>Ends waits that a driver may listen to.</summary>
internal static class CancellationExtensions
{
    /// <summary>Cancels, whatever those who listen do: a driver's own reaction may fail on a connection that broke at the same moment.</summary>
    public static async Task CancelQuietlyAsync(this CancellationTokenSource source)
    {
        try
        {
            await source.CancelAsync().ConfigureAwait(false);
        }
        catch (AggregateException)
        {
            // Cancelled all the same: only a listener failed.
        }
    }
}
