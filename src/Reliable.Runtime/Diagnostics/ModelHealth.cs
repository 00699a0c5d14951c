namespace Reliable;

/// <summary>The calls within the window, of one model or of all.</summary>
/// <param name="Model">The model; <see langword="null"/> for all calls together, or for those that name none.</param>
/// <param name="Calls">Calls that ended, without those a quota denied: they reached no model.</param>
/// <param name="Retries">Attempts after the first, without fallbacks.</param>
/// <param name="Rejections">Answers that were rejected.</param>
/// <param name="RetriedCalls">Calls that were retried and have ended.</param>
/// <param name="AverageRetryDuration">How long those took on average, with their delays; zero when there were none.</param>
public sealed record ModelHealth(string? Model, long Calls, long Retries, long Rejections, long RetriedCalls, TimeSpan AverageRetryDuration)
{
    /// <summary>Retries per 100 calls; more than 100 when calls needed several. 0 without calls.</summary>
    public double RetryPercent => Percent(Retries, Calls);

    /// <summary>Rejected answers per 100 calls. 0 without calls.</summary>
    public double RejectionPercent => Percent(Rejections, Calls);

    internal static double Percent(long part, long whole) => whole > 0 ? 100.0 * part / whole : 0;
}
