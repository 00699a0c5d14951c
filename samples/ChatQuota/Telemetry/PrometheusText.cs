using System.Globalization;
using System.Text;

namespace ChatQuota.Telemetry;

/// <summary>Writes instruments in the text format of Prometheus, under the names that OpenTelemetry's exporters give them.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<MetricStore.Metric> metrics)
    {
        var text = new StringBuilder();
        foreach (MetricStore.Metric metric in metrics)
        {
            string name = NameOf(metric);
            string type = metric.IsHistogram ? "histogram" : metric.IsCounter ? "counter" : "gauge";
            text.Append("# HELP ").Append(name).Append(' ').Append(Escape(metric.Instrument.Description ?? "", isLabel: false)).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
            foreach (MetricSeries series in metric.Series)
            {
                Append(text, name, series, metric.IsHistogram);
            }
        }

        return text.ToString();
    }

    /// <summary><c>reliable.retry.duration</c> in s becomes <c>reliable_retry_duration_seconds</c>; units in braces are remarks, counters end in <c>_total</c>.</summary>
    public static string NameOf(MetricStore.Metric metric)
    {
        string unit = metric.Instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return Sanitize(metric.Instrument.Name) + unit + (metric.IsCounter ? "_total" : "");
    }

    private static void Append(StringBuilder text, string name, MetricSeries series, bool isHistogram)
    {
        MetricValue value = series.Read();
        string labels = string.Join(',', series.Tags.Select(static tag => $"{Sanitize(tag.Key)}=\"{Escape(tag.Value, isLabel: true)}\""));
        if (!isHistogram)
        {
            Line(text, name, labels, value.Value);
            return;
        }

        long count = 0;
        string comma = labels.Length > 0 ? "," : "";
        for (int i = 0; i < value.Buckets.Count; i++)
        {
            count += value.Buckets[i];
            string bound = i < value.Bounds.Count ? Number(value.Bounds[i]) : "+Inf";
            Line(text, name + "_bucket", $"{labels}{comma}le=\"{bound}\"", count);
        }

        Line(text, name + "_sum", labels, value.Value);
        Line(text, name + "_count", labels, value.Count);
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Sanitize(string name) => string.Create(name.Length, name, static (span, source) =>
    {
        for (int i = 0; i < span.Length; i++)
        {
            span[i] = char.IsAsciiLetterOrDigit(source[i]) ? source[i] : '_';
        }
    });

    private static string Escape(string value, bool isLabel)
    {
        string escaped = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return isLabel ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
