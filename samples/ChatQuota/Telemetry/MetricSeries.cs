namespace ChatQuota.Telemetry;

/// <summary>One time series: an instrument with one set of tags.</summary>
internal sealed class MetricSeries(IReadOnlyList<KeyValuePair<string, string>> tags, double[]? bounds)
{
    private readonly Lock _lock = new();
    private readonly long[]? _buckets = bounds is null ? null : new long[bounds.Length + 1];
    private double _value;
    private long _count;

    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; } = tags;

    public string? Tag(string key) => Tags.FirstOrDefault(tag => tag.Key == key).Value;

    /// <summary>Adds to a counter, or a value to a histogram.</summary>
    public void Add(double value)
    {
        lock (_lock)
        {
            _value += value;
            _count++;
            if (_buckets is not null)
            {
                int bucket = Array.BinarySearch(bounds!, value);
                _buckets[bucket < 0 ? ~bucket : bucket]++;
            }
        }
    }

    /// <summary>Sets what an observable instrument says of itself.</summary>
    public void Set(double value)
    {
        lock (_lock)
        {
            _value = value;
        }
    }

    public MetricValue Read()
    {
        lock (_lock)
        {
            return new MetricValue(_value, _count, bounds ?? [], _buckets is null ? [] : [.. _buckets]);
        }
    }
}
