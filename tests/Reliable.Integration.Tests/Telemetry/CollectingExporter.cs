using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Reliable.Integration.Tests.Telemetry;

/// <summary>Keeps what the SDK of OpenTelemetry collects: each series with its labels, and the value it has come to.</summary>
internal sealed class CollectingExporter : BaseExporter<Metric>
{
    public SortedDictionary<string, double> Series { get; } = new(StringComparer.Ordinal);

    /// <summary>The sum of every histogram.</summary>
    public Dictionary<string, double> Sums { get; } = [];

    /// <summary>The unit of each instrument, and the bounds of the histograms.</summary>
    public Dictionary<string, (string Unit, double[] Bounds)> Instruments { get; } = [];

    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (Metric metric in batch)
        {
            List<double> bounds = [];
            foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
            {
                List<string> labels = [];
                foreach ((string name, object? value) in point.Tags)
                {
                    labels.Add(string.Create(CultureInfo.InvariantCulture, $"{name}={value}"));
                }

                labels.Sort(StringComparer.Ordinal);
                string key = string.Join(' ', [metric.Name, .. labels]);
                Series[key] = metric.MetricType == MetricType.Histogram ? point.GetHistogramCount() : point.GetSumLong();
                if (metric.MetricType == MetricType.Histogram)
                {
                    Sums[key] = point.GetHistogramSum();
                    bounds.Clear();
                    foreach (HistogramBucket bucket in point.GetHistogramBuckets())
                    {
                        bounds.Add(bucket.ExplicitBound);
                    }
                }
            }

            Instruments[metric.Name] = (metric.Unit, [.. bounds]);
        }

        return ExportResult.Success;
    }
}
