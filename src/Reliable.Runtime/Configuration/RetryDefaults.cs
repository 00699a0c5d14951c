namespace Reliable.Configuration;

/// <summary>What applies to retries where nothing else is set.</summary>
internal sealed record RetryDefaults(int MaxRetries, IReadOnlyList<TimeSpan> Backoff, bool EnableFallback)
{
    public static RetryDefaults Production { get; } = new(3, Seconds(1, 2, 4), EnableFallback: true);

    public static RetryDefaults Conservative { get; } = new(2, Seconds(0.5, 1), EnableFallback: false);

    public static RetryDefaults Aggressive { get; } = new(5, Seconds(1, 2, 4, 8, 16), EnableFallback: true);

    public static RetryDefaults Of(ReliablePreset preset) => preset switch
    {
        ReliablePreset.Conservative => Conservative,
        ReliablePreset.Aggressive => Aggressive,
        _ => Production,
    };

    private static TimeSpan[] Seconds(params ReadOnlySpan<double> seconds)
    {
        var times = new TimeSpan[seconds.Length];
        for (int i = 0; i < times.Length; i++)
        {
            times[i] = TimeSpan.FromSeconds(seconds[i]);
        }

        return times;
    }
}
