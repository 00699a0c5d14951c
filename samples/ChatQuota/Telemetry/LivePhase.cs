namespace ChatQuota.Telemetry;

/// <summary>The time the library adds to a call in one phase, in milliseconds.</summary>
internal sealed record LivePhase(string Name, double BudgetMs, long Count, double P50Ms, double P99Ms)
{
    public static LivePhase Of(string name, double budgetMs, IEnumerable<MetricSeries> overhead)
    {
        MetricValue value = overhead.Where(series => series.Tag("phase") == name).Aggregate(default(MetricValue), static (sum, series) => sum + series.Read());
        return new LivePhase(name, budgetMs, value.Count, Quantile(value, 0.5), Quantile(value, 0.99));
    }

    private static double Quantile(MetricValue value, double share) => value.Count == 0 ? 0 : value.Quantile(share) * 1_000;
}
