using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Reliable;

namespace ChatQuota.Telemetry;

/// <summary>
/// Keeps what the library measures, for <c>/metrics</c> and the live page. An application with an exporter of OpenTelemetry needs none of this: it names the meter
/// <see cref="ReliableMetrics.MeterName"/>, and gets the same names.
/// </summary>
internal sealed class MetricStore : IDisposable
{
    private static readonly double[] s_defaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly ConcurrentDictionary<string, Metric> _metrics = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly Lock _collecting = new();

    /// <param name="factory">The factory of this application's meters: another application in the process is not listened to.</param>
    public MetricStore(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == ReliableMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                listener.EnableMeasurementEvents(instrument, _metrics.GetOrAdd(instrument.Name, static (_, i) => new Metric(i), instrument));
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, metric) => ((Metric)metric!).Measured(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, metric) => ((Metric)metric!).Measured(value, tags));
        _listener.Start();
    }

    /// <summary>Every instrument in the order of its name, asked for its value where it has to be.</summary>
    public IReadOnlyList<Metric> Collect()
    {
        lock (_collecting)
        {
            _listener.RecordObservableInstruments();
        }

        return [.. _metrics.Values.OrderBy(static metric => metric.Instrument.Name, StringComparer.Ordinal)];
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>One instrument, and its series.</summary>
    internal sealed class Metric(Instrument instrument)
    {
        private readonly ConcurrentDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
        private readonly double[]? _bounds = instrument is Histogram<double> histogram
            ? [.. histogram.Advice?.HistogramBucketBoundaries ?? s_defaultBounds]
            : null;

        public Instrument Instrument { get; } = instrument;

        public bool IsHistogram => _bounds is not null;

        public bool IsCounter => Instrument is Counter<long>;

        public IEnumerable<MetricSeries> Series => _series.OrderBy(static entry => entry.Key, StringComparer.Ordinal).Select(static entry => entry.Value);

        public void Measured(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            MetricSeries series = Find(tags);
            if (Instrument.IsObservable)
            {
                series.Set(value);
            }
            else
            {
                series.Add(value);
            }
        }

        private MetricSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            List<KeyValuePair<string, string>> named = [];
            foreach ((string name, object? value) in tags)
            {
                named.Add(new(name, Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
            }

            named.Sort(static (one, other) => string.CompareOrdinal(one.Key, other.Key));
            string key = string.Join('\u0001', named.Select(static tag => $"{tag.Key}\u0002{tag.Value}"));
            return _series.GetOrAdd(key, static (_, state) => new MetricSeries(state.named, state._bounds), (named, _bounds));
        }
    }
}
