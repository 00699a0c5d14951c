using System.Globalization;

namespace Reliable.Diagnostics;

/// <summary>The rules by which a runtime is not healthy, and the score.</summary>
internal static class HealthRules
{
    /// <summary>The rules that make the state unhealthy; all others make it degraded.</summary>
    public static bool IsUnhealthy(HealthRule rule) => rule is HealthRule.Score or HealthRule.CallsRefused;

    public static double Score(double retryPercent, double rollbackPercent, double commitSuccessPercent)
        => Math.Clamp(
            ((100 - (5 * retryPercent)) * 0.3) + ((100 - (20 * rollbackPercent)) * 0.3) + (commitSuccessPercent * 0.4),
            0,
            100);

    /// <summary>Every rule that holds.</summary>
    /// <param name="health">What is measured.</param>
    /// <param name="options">What it may be.</param>
    /// <param name="refusal">Why new calls are refused; <see langword="null"/> when they are not.</param>
    public static IEnumerable<HealthFinding> Find(ReliableHealth health, HealthOptions options, string? refusal)
    {
        ModelHealth all = health.Overall;
        bool hasCalls = all.Calls >= options.MinCalls;
        if (hasCalls && all.RetryPercent > options.MaxRetryPercent)
        {
            yield return Finding(HealthRule.RetryRate, $"{all.Retries} retries of {all.Calls} calls are {all.RetryPercent:0.#} %, more than {options.MaxRetryPercent:0.#} %");
        }

        foreach (ModelHealth model in health.Models)
        {
            if (model.Calls >= options.MinCalls && model.RetryPercent > options.MaxModelRetryPercent)
            {
                string name = LogText.Clean(model.Model);
                yield return Finding(
                    HealthRule.ModelRetryRate,
                    $"{model.Retries} retries of {model.Calls} calls of {name} are {model.RetryPercent:0.#} %, more than {options.MaxModelRetryPercent:0.#} %",
                    model.Model);
            }
        }

        long settled = health.Committed + health.RolledBack;
        if (settled >= options.MinCalls && health.RollbackPercent > options.MaxRollbackPercent)
        {
            yield return Finding(
                HealthRule.RollbackRate,
                $"{health.RolledBack} rollbacks of {settled} transactions are {health.RollbackPercent:0.#} %, more than {options.MaxRollbackPercent:0.#} %");
        }

        if (hasCalls && all.RejectionPercent > options.MaxRejectionPercent)
        {
            yield return Finding(
                HealthRule.RejectionRate,
                $"{all.Rejections} rejected answers of {all.Calls} calls are {all.RejectionPercent:0.#} %, more than {options.MaxRejectionPercent:0.#} %");
        }

        if (health.CommitFailures > options.MaxCommitFailures)
        {
            yield return Finding(
                HealthRule.CommitFailures,
                $"{health.CommitFailures} {(health.CommitFailures == 1 ? "charge was" : "charges were")} not taken in time, more than {options.MaxCommitFailures}");
        }

        if (hasCalls && all.AverageRetryDuration > options.MaxRetryDuration)
        {
            yield return Finding(
                HealthRule.RetryDuration,
                $"{all.RetriedCalls} calls that were retried took {all.AverageRetryDuration.TotalSeconds:0.#} s on average, more than {options.MaxRetryDuration.TotalSeconds:0.#} s");
        }

        if (hasCalls && health.Score < options.MinScore)
        {
            yield return Finding(HealthRule.Score, $"The score is {health.Score:0.#}, less than {options.MinScore:0.#}");
        }

        if (refusal is not null)
        {
            yield return Finding(HealthRule.CallsRefused, $"New calls are refused: {LogText.Clean(refusal)}");
        }
    }

    private static HealthFinding Finding(HealthRule rule, FormattableString message, string? model = null)
        => new(rule, model, message.ToString(CultureInfo.InvariantCulture));
}
