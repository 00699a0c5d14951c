using System.Globalization;
using Reliable.Usage;

namespace Reliable.Configuration;

/// <summary>What is in force, in one line for the log.</summary>
internal static class SettingsSummary
{
    public static string Of(ReliableOptions options, string store) => options.Rollout.Mode switch
    {
        RolloutMode.Off => "counters move at the start of each call, nothing is validated or retried; set 'Reliable:Rollout:Mode' to 'On' to change that",
        RolloutMode.Observe => "as off, and what would be different is logged and measured, for " + InForce(options, store),
        _ => InForce(options, store),
    };

    private static string InForce(ReliableOptions options, string store)
    {
        List<string> parts = [.. Who(options.Rollout)];
        if (options.Preset != ReliablePreset.Production)
        {
            parts.Add($"preset {options.Preset}");
        }

        parts.Add(Retries(options.Retry));
        parts.Add($"fallback {(options.Retry.EnableFallback ? "on" : "off")}");
        parts.Add(Invariant($"answers of at least {options.Validation.MinLength} characters"));
        parts.Add($"default limit {UsageText.Limit(options.Usage.DefaultLimit)}");
        if (options.Methods.Count > 0)
        {
            parts.Add("settings of their own for " + string.Join(" and ", options.Methods.Keys.Order(StringComparer.OrdinalIgnoreCase)));
        }

        parts.Add($"counters in {store}");
        return string.Join(", ", parts);
    }

    private static IEnumerable<string> Who(RolloutOptions rollout)
    {
        yield return rollout.Percent is { } percent ? Invariant($"{percent} % of users") : "all users";
        if (rollout.TestUsers.Count > 0)
        {
            yield return Invariant($"{rollout.TestUsers.Count} test users");
        }

        if (rollout.DisabledUsers.Count > 0)
        {
            yield return Invariant($"not for {rollout.DisabledUsers.Count} disabled users");
        }

        if (rollout.DisabledModels.Count > 0)
        {
            yield return "not with " + string.Join(" and ", rollout.DisabledModels);
        }

        if (rollout.ActiveHours is { } hours)
        {
            yield return $"from {hours} in {rollout.TimeZone}";
        }
    }

    private static string Retries(RetryOptions retry)
        => retry.MaxRetries == 0
            ? "no retries"
            : Invariant($"{retry.MaxRetries} retries after ")
                + string.Join(", ", retry.Backoff.Take(retry.MaxRetries).Select(static delay => delay.TotalSeconds.ToString(CultureInfo.InvariantCulture) + " s"));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
