namespace Reliable.Benchmarks.Growth;

/// <summary>A clock that stands still until it is moved: it decides whether counts are recent or are read again.</summary>
internal sealed class GrowthClock : TimeProvider
{
    // Longer than a count is relied upon.
    private static readonly TimeSpan s_longEnough = TimeSpan.FromSeconds(6);

    private TimeSpan _elapsed = TimeSpan.FromMinutes(1);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _elapsed.Ticks;

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 3, 10, 12, 0, 0, TimeSpan.Zero) + _elapsed;

    /// <summary>Makes every count too old.</summary>
    public void Age() => _elapsed += s_longEnough;
}
