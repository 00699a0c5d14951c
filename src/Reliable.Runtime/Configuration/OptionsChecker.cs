using System.Globalization;
using Microsoft.Extensions.Options;
using Reliable.Rollout;

namespace Reliable.Configuration;

/// <summary>Checks the options as a whole. Every mistake is named with its key, its value and what is allowed; what is merely unwise is a warning.</summary>
internal sealed class OptionsChecker : IValidateOptions<ReliableOptions>
{
    private static readonly TimeSpan s_longestTime = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_shortestRetention = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_longestRetention = TimeSpan.FromDays(3650);

    public ValidateOptionsResult Validate(string? name, ReliableOptions options)
    {
        List<string> mistakes = [.. options.Mistakes];
        Defined("Preset", options.Preset, mistakes);
        CheckRollout(options.Rollout, mistakes);
        CheckRetry("Retry", options.Retry.MaxRetries, options.Retry.Backoff, options.Retry.AttemptTimeout, options.Retry.TotalTimeout, mistakes);
        Range("Retry:MaxDelay", options.Retry.MaxDelay, TimeSpan.Zero, mistakes);
        AtLeast("Validation:MinLength", options.Validation.MinLength, 0, mistakes);
        AtLeast("Validation:MinFollowUpLength", options.Validation.MinFollowUpLength, 0, mistakes);
        Rules("Validation:Rules", options.Validation.Rules, mistakes);
        Range("Transactions:Timeout", options.Transactions.Timeout, TimeSpan.FromSeconds(1), mistakes);
        Range("Transactions:CleanupInterval", options.Transactions.CleanupInterval, TimeSpan.FromMilliseconds(100), mistakes);
        CheckUsage(options.Usage, mistakes);
        CheckHealth(options.Health, mistakes);
        StreamingOptions streaming = options.Streaming;
        CheckStreaming(
            "Streaming",
            streaming.MaxHold,
            streaming.MaxHeldUpdates,
            streaming.OnHoldExceeded,
            streaming.FirstUpdateTimeout,
            streaming.IdleTimeout,
            streaming.OnLateFailure,
            streaming.PassDuringHold,
            mistakes);
        foreach ((string method, MethodOptions overrides) in options.Methods)
        {
            string key = "Methods:" + method;
            CheckRetry(
                key + ":Retry",
                overrides.MaxRetries ?? 0,
                overrides.Backoff ?? [TimeSpan.Zero],
                overrides.AttemptTimeout ?? TimeSpan.Zero,
                overrides.TotalTimeout ?? TimeSpan.Zero,
                mistakes);
            AtLeast(key + ":Validation:MinLength", overrides.MinLength ?? 0, 0, mistakes);
            AtLeast(key + ":Validation:MinFollowUpLength", overrides.MinFollowUpLength ?? 0, 0, mistakes);
            Rules(key + ":Validation:Rules", overrides.Rules ?? ResponseRules.All, mistakes);
            CheckStreaming(
                key + ":Streaming",
                overrides.MaxHold ?? streaming.MaxHold,
                overrides.MaxHeldUpdates ?? 1,
                overrides.OnHoldExceeded ?? (overrides.MaxHold is null ? default : streaming.OnHoldExceeded),
                overrides.FirstUpdateTimeout ?? TimeSpan.Zero,
                overrides.IdleTimeout ?? TimeSpan.Zero,
                overrides.OnLateFailure ?? default,
                overrides.PassDuringHold ?? default,
                mistakes);
        }

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    /// <summary>What is allowed and probably not meant.</summary>
    public static IEnumerable<string> Warnings(ReliableOptions options)
    {
        RetryOptions retry = options.Retry;
        foreach (string warning in RetryWarnings("Retry", retry.MaxRetries, retry.Backoff))
        {
            yield return warning;
        }

        if (options.Transactions.Timeout < TimeSpan.FromMinutes(1))
        {
            yield return Invariant($"'Reliable:Transactions:Timeout' is {options.Transactions.Timeout:c}: below a minute, slow answers lose their transaction.");
        }

        if (options.Transactions.CleanupInterval > options.Transactions.Timeout)
        {
            yield return Invariant(
                $"'Reliable:Transactions:CleanupInterval' is {options.Transactions.CleanupInterval:c}, longer than the timeout of {options.Transactions.Timeout:c}: abandoned reservations are given back late.");
        }

        if (options.Health.Interval > options.Health.Window)
        {
            yield return Invariant(
                $"'Reliable:Health:Interval' is {options.Health.Interval:c}, longer than the window of {options.Health.Window:c}: what happens in between is not looked at.");
        }

        foreach ((string method, MethodOptions overrides) in options.Methods)
        {
            foreach (string warning in MethodWarnings(method, overrides, retry))
            {
                yield return warning;
            }
        }
    }

    // What a method does not set itself may come from its attribute, which is not known here: only its own keys are looked at.
    private static IEnumerable<string> MethodWarnings(string method, MethodOptions overrides, RetryOptions general)
    {
        if (!method.Contains('.', StringComparison.Ordinal))
        {
            yield return $"'Reliable:Methods:{method}' names no method and is ignored: 'Type.Method' is expected, such as 'SupportAssistant.AskAsync'.";
            yield break;
        }

        string key = $"Methods:{method}:Retry";
        IEnumerable<string> warnings = (overrides.MaxRetries, overrides.Backoff) switch
        {
            (null, null) => [],
            ({ } maxRetries, null) => TooMany(key, maxRetries),
            var (maxRetries, backoff) => RetryWarnings(key, maxRetries ?? general.MaxRetries, backoff),
        };
        foreach (string warning in warnings)
        {
            yield return warning;
        }
    }

    private static IEnumerable<string> TooMany(string key, int maxRetries) => maxRetries > 5
        ? [Invariant($"'Reliable:{key}:MaxRetries' is {maxRetries}: more than 5 retries keep users waiting and multiply the load of a failing model.")]
        : [];

    private static IEnumerable<string> RetryWarnings(string key, int maxRetries, IList<TimeSpan> backoff)
    {
        foreach (string warning in TooMany(key, maxRetries))
        {
            yield return warning;
        }

        TimeSpan total = Total(maxRetries, backoff);
        if (total > TimeSpan.FromSeconds(10))
        {
            yield return Invariant($"'Reliable:{key}:Backoff' adds up to {total.TotalSeconds:0.#} s over {maxRetries} retries: more than 10 s of waiting is too long for most users.");
        }

        if (backoff.Count < maxRetries)
        {
            yield return Invariant($"'Reliable:{key}:Backoff' has {backoff.Count} {(backoff.Count == 1 ? "delay" : "delays")} for {maxRetries} retries: the last one is used again.");
        }
    }

    private static TimeSpan Total(int maxRetries, IList<TimeSpan> backoff)
    {
        TimeSpan total = TimeSpan.Zero;
        for (int i = 0; i < maxRetries && backoff.Count > 0; i++)
        {
            total += backoff[Math.Min(i, backoff.Count - 1)];
        }

        return total;
    }

    private static void CheckRollout(RolloutOptions rollout, List<string> mistakes)
    {
        Defined("Rollout:Mode", rollout.Mode, mistakes);

        if (rollout.Percent is < 0 or > 100)
        {
            Add("Rollout:Percent", rollout.Percent, Allowed.Percent + ", or not set for everyone", mistakes);
        }

        if (rollout.ActiveHours is { } hours && !ActiveHours.TryParse(hours, out _))
        {
            Add("Rollout:ActiveHours", hours, "two different times of the day such as '22-06' or '08:30-17:00'", mistakes);
        }

        Zone("Rollout:TimeZone", rollout.TimeZone, mistakes);
    }

    private static void CheckRetry(string key, int maxRetries, IList<TimeSpan> backoff, TimeSpan attempt, TimeSpan total, List<string> mistakes)
    {
        if (maxRetries is < 0 or > 10)
        {
            Add(key + ":MaxRetries", maxRetries, Allowed.Retries, mistakes);
        }

        if (backoff.Count == 0)
        {
            Add(key + ":Backoff", "", "at least one time such as '00:00:01'", mistakes);
        }

        for (int i = 0; i < backoff.Count; i++)
        {
            Range($"{key}:Backoff:{i}", backoff[i], TimeSpan.Zero, mistakes);
        }

        Range(key + ":AttemptTimeout", attempt, TimeSpan.Zero, mistakes);
        Range(key + ":TotalTimeout", total, TimeSpan.Zero, mistakes);
    }

    private static void CheckStreaming(
        string key,
        TimeSpan maxHold,
        int maxHeldUpdates,
        HoldExceededAction onHoldExceeded,
        TimeSpan firstUpdate,
        TimeSpan idle,
        LateFailureAction onLateFailure,
        PassedUpdates passed,
        List<string> mistakes)
    {
        Range(key + ":MaxHold", maxHold, TimeSpan.Zero, mistakes);
        if (maxHold == TimeSpan.Zero && onHoldExceeded == HoldExceededAction.GiveUp)
        {
            Add(key + ":OnHoldExceeded", onHoldExceeded, $"Release while '{key}:MaxHold' is zero: every attempt would be given up at once", mistakes);
        }

        if (maxHeldUpdates is < 1 or > 100_000)
        {
            Add(key + ":MaxHeldUpdates", maxHeldUpdates, Allowed.HeldUpdates, mistakes);
        }

        Defined(key + ":OnHoldExceeded", onHoldExceeded, mistakes);
        Range(key + ":FirstUpdateTimeout", firstUpdate, TimeSpan.Zero, mistakes);
        Range(key + ":IdleTimeout", idle, TimeSpan.Zero, mistakes);
        Defined(key + ":OnLateFailure", onLateFailure, mistakes);
        if ((passed & ~PassedUpdates.All) != 0)
        {
            Add(key + ":PassDuringHold", (int)passed, "names of updates: " + string.Join(", ", Enum.GetNames<PassedUpdates>()), mistakes);
        }
    }

    private static void CheckUsage(UsageOptions usage, List<string> mistakes)
    {
        Defined("Usage:Commit", usage.Commit, mistakes);
        Defined("Usage:Journal", usage.Journal, mistakes);
        Range("Usage:CommitTimeout", usage.CommitTimeout, TimeSpan.FromMilliseconds(10), mistakes);
        Range("Usage:LedgerRetention", usage.LedgerRetention, s_shortestRetention, s_longestRetention, mistakes);
        if (usage.DefaultLimit is < 0)
        {
            Add("Usage:DefaultLimit", usage.DefaultLimit, Allowed.NotNegative + ", or not set for no limit", mistakes);
        }

        if (usage is { Commit: CommitMode.Deferred, Journal: JournalMode.None })
        {
            Add("Usage:Journal", usage.Journal, "ProcessCrash or PowerLoss while 'Reliable:Usage:Commit' is Deferred: charges would be lost with the process", mistakes);
        }

        Zone("Usage:ResetTimeZone", usage.ResetTimeZone, mistakes);
    }

    private static void CheckHealth(HealthOptions health, List<string> mistakes)
    {
        Range("Health:Window", health.Window, TimeSpan.FromSeconds(10), mistakes);
        Range("Health:Interval", health.Interval, TimeSpan.FromMilliseconds(100), mistakes);
        if (health.MinCalls < 1)
        {
            Add("Health:MinCalls", health.MinCalls, Allowed.Positive, mistakes);
        }

        Rate("Health:MaxRetryPercent", health.MaxRetryPercent, mistakes);
        Rate("Health:MaxModelRetryPercent", health.MaxModelRetryPercent, mistakes);
        Rate("Health:MaxRollbackPercent", health.MaxRollbackPercent, mistakes);
        Rate("Health:MaxRejectionPercent", health.MaxRejectionPercent, mistakes);
        Range("Health:MaxRetryDuration", health.MaxRetryDuration, TimeSpan.Zero, mistakes);
        AtLeast("Health:MaxCommitFailures", health.MaxCommitFailures, 0, mistakes);
        if (health.MinScore is not (>= 0 and <= 100))
        {
            Add("Health:MinScore", health.MinScore, Allowed.Score, mistakes);
        }
    }

    private static void Rate(string key, double value, List<string> mistakes)
    {
        if (!(value >= 0) || double.IsInfinity(value))
        {
            Add(key, value, Allowed.Rate, mistakes);
        }
    }

    private static void Zone(string key, string zone, List<string> mistakes)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            Add(key, zone, "the name of a time zone such as 'UTC' or 'Europe/Berlin'", mistakes);
        }
    }

    private static void Defined<T>(string key, T value, List<string> mistakes)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            Add(key, value, "one of " + string.Join(", ", Enum.GetNames<T>()), mistakes);
        }
    }

    private static void Rules(string key, ResponseRules rules, List<string> mistakes)
    {
        if ((rules & ~ResponseRules.All) != 0)
        {
            Add(key, (int)rules, "names of rules: " + string.Join(", ", Enum.GetNames<ResponseRules>()), mistakes);
        }
    }

    private static void AtLeast(string key, int value, int least, List<string> mistakes)
    {
        if (value < least)
        {
            Add(key, value, Invariant($"a whole number, {least} or more"), mistakes);
        }
    }

    private static void Range(string key, TimeSpan value, TimeSpan least, List<string> mistakes) => Range(key, value, least, s_longestTime, mistakes);

    private static void Range(string key, TimeSpan value, TimeSpan least, TimeSpan most, List<string> mistakes)
    {
        if (value < least || value > most)
        {
            Add(key, value, Invariant($"a time from {least:c} to {most:c}"), mistakes);
        }
    }

    private static void Add(string key, object? value, string allowed, List<string> mistakes)
        => mistakes.Add(Invariant($"'Reliable:{key}' is '{value}', but must be {allowed}."));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
