namespace Reliable.Benchmarks;

/// <summary>Durations in milliseconds, in order.</summary>
internal sealed class Percentiles
{
    private readonly double[] _sorted;

    public Percentiles(IEnumerable<double> milliseconds) => _sorted = [.. milliseconds.Order()];

    public int Count => _sorted.Length;

    /// <summary>So many of all take at most so long.</summary>
    /// <param name="share">From 0 to 1.</param>
    public double At(double share)
        => _sorted.Length == 0 ? double.NaN : _sorted[(int)Math.Clamp(Math.Ceiling(_sorted.Length * share) - 1, 0, _sorted.Length - 1)];
}
