namespace ChatQuota.Telemetry;

/// <summary>What a series has come to.</summary>
/// <param name="Value">The value; of a histogram, the sum of all values.</param>
/// <param name="Count">How many values were added.</param>
/// <param name="Bounds">The upper bounds of a histogram's buckets, each included in its bucket.</param>
/// <param name="Buckets">How many values are in each bucket, and beyond the last.</param>
internal readonly record struct MetricValue(double Value, long Count, IReadOnlyList<double> Bounds, IReadOnlyList<long> Buckets)
{
    public static MetricValue operator +(MetricValue one, MetricValue other)
        => one.Buckets is not { Count: > 0 }
            ? other
            : new(one.Value + other.Value, one.Count + other.Count, one.Bounds, [.. one.Buckets.Zip(other.Buckets, static (a, b) => a + b)]);

    /// <summary>The value below which a share of all values lies, as far as the buckets tell: between the bounds it is in, evenly.</summary>
    public double Quantile(double share)
    {
        double rank = share * Count;
        long before = 0;
        for (int i = 0; i < Bounds.Count; i++)
        {
            if (before + Buckets[i] >= rank && Buckets[i] > 0)
            {
                double low = i == 0 ? 0 : Bounds[i - 1];
                return low + ((Bounds[i] - low) * (rank - before) / Buckets[i]);
            }

            before += Buckets[i];
        }

        return Bounds.Count == 0 ? 0 : Bounds[^1];
    }
}
