using System.Globalization;
using System.Text;

namespace Reliable.CommitLoad.Load;

/// <summary>The results of one shape as a table in Markdown. Ratios are taken within a round, and the median of the rounds is shown.</summary>
internal sealed class LoadTable(LoadShape shape, IReadOnlyList<string> names)
{
    private readonly List<IReadOnlyDictionary<string, LoadResult>> _rounds = [];

    public void Add(IReadOnlyDictionary<string, LoadResult> round) => _rounds.Add(round);

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"### {shape}\n\n");
        text.Append("| | commits/s | ratio (lowest-highest) | p50 ms | p99 ms | max ms | bytes | CPU µs |\n|---|---:|---:|---:|---:|---:|---:|---:|\n");
        foreach (string name in names)
        {
            double[] ratios = [.. _rounds.Select(r => r[name].PerSecond / r[names[0]].PerSecond).Order()];
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {name} | {Median(name, static r => r.PerSecond):N0} | **{Middle(ratios):0.00}** ({ratios[0]:0.00}-{ratios[^1]:0.00}) | {Median(name, static r => r.P50):0.00} | {Median(name, static r => r.P99):0.00} | {Median(name, static r => r.Max):0.0} | {Known(Median(name, static r => r.Bytes))} | {Known(Median(name, static r => r.CpuMicroseconds))} |\n");
        }

        return text.ToString();
    }

    // A yardstick that is a program of its own has neither bytes nor processor time of this process.
    private static string Known(double value) => double.IsNaN(value) ? "" : value.ToString("N0", CultureInfo.InvariantCulture);

    private double Median(string name, Func<LoadResult, double> value) => Middle([.. _rounds.Select(r => value(r[name])).Order()]);

    private static double Middle(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
