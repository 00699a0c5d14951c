using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Reliable.Configuration;

/// <summary>
/// Reads the section and the environment names into the options, without reflection, and keeps every value it cannot read for one report. A list may be an array
/// or one text separated by commas.
/// </summary>
/// <remarks>
/// The configuration binding generator would do without reflection as well, but its first value of the wrong form is an exception: nobody would hear of the others,
/// nor of what is allowed, and a text with commas is no list to it.
/// </remarks>
internal sealed class OptionsReader(IConfiguration section, Func<string, string?> environment) : IConfigureOptions<ReliableOptions>
{
    public void Configure(ReliableOptions options)
    {
        var values = new SectionReader(section, ReadEnvironment(options.Mistakes), options.Mistakes);
        values.Enum<ReliablePreset>("Preset", value => options.Preset = value);
        ReadRollout(values, options.Rollout);
        ReadRetry(values, options.Retry);
        ReadValidation(values, options.Validation);
        values.Time("Transactions:Timeout", value => options.Transactions.Timeout = value);
        values.Time("Transactions:CleanupInterval", value => options.Transactions.CleanupInterval = value);
        ReadUsage(values, options.Usage);
        ReadStreaming(values, options.Streaming);
        ReadHealth(values, options.Health);
        foreach (IConfigurationSection method in section.GetSection("Methods").GetChildren())
        {
            ReadMethod(values, method.Key, options);
        }

        options.Strays.AddRange(values.Strays());
        options.Overridden.AddRange(values.Overridden);
    }

    private static void ReadRollout(SectionReader values, RolloutOptions rollout)
    {
        values.Enum<RolloutMode>("Rollout:Mode", value => rollout.Mode = value);
        values.Number("Rollout:Percent", value => rollout.Percent = value, Allowed.Percent);
        values.List("Rollout:TestUsers", value => rollout.TestUsers = value);
        values.List("Rollout:DisabledUsers", value => rollout.DisabledUsers = value);
        values.List("Rollout:DisabledModels", value => rollout.DisabledModels = value);
        values.Text("Rollout:ActiveHours", value => rollout.ActiveHours = value);
        values.Text("Rollout:TimeZone", value => rollout.TimeZone = value);
    }

    private static void ReadRetry(SectionReader values, RetryOptions retry)
    {
        values.Number("Retry:MaxRetries", value => retry.MaxRetries = value, Allowed.Retries);
        values.Times("Retry:Backoff", value => retry.Backoff = value);
        values.Bool("Retry:Jitter", value => retry.Jitter = value);
        values.Time("Retry:MaxDelay", value => retry.MaxDelay = value);
        values.Time("Retry:AttemptTimeout", value => retry.AttemptTimeout = value);
        values.Time("Retry:TotalTimeout", value => retry.TotalTimeout = value);
        values.Bool("Retry:EnableFallback", value => retry.EnableFallback = value);
    }

    private static void ReadValidation(SectionReader values, ValidationOptions validation)
    {
        values.Number("Validation:MinLength", value => validation.MinLength = value, Allowed.NotNegative);
        values.Number("Validation:MinFollowUpLength", value => validation.MinFollowUpLength = value, Allowed.NotNegative);
        values.Rules("Validation:Rules", value => validation.Rules = value);
        values.RuleSwitches("Validation:Rules", (rule, on) => validation.Rules = on ? validation.Rules | rule : validation.Rules & ~rule);
    }

    private static void ReadUsage(SectionReader values, UsageOptions usage)
    {
        values.Enum<CommitMode>("Usage:Commit", value => usage.Commit = value);
        values.Time("Usage:CommitTimeout", value => usage.CommitTimeout = value);
        values.Enum<JournalMode>("Usage:Journal", value => usage.Journal = value);
        values.Text("Usage:JournalPath", value => usage.JournalPath = value);
        values.Time("Usage:LedgerRetention", value => usage.LedgerRetention = value);
        values.LongNumber("Usage:DefaultLimit", value => usage.DefaultLimit = value, Allowed.NotNegative);
        values.Text("Usage:ResetTimeZone", value => usage.ResetTimeZone = value);
    }

    private static void ReadStreaming(SectionReader values, StreamingOptions streaming)
    {
        values.Time("Streaming:MaxHold", value => streaming.MaxHold = value);
        values.Number("Streaming:MaxHeldUpdates", value => streaming.MaxHeldUpdates = value, Allowed.HeldUpdates);
        values.Enum<HoldExceededAction>("Streaming:OnHoldExceeded", value => streaming.OnHoldExceeded = value);
        values.Time("Streaming:FirstUpdateTimeout", value => streaming.FirstUpdateTimeout = value);
        values.Time("Streaming:IdleTimeout", value => streaming.IdleTimeout = value);
        values.Enum<LateFailureAction>("Streaming:OnLateFailure", value => streaming.OnLateFailure = value);
        values.Enum<PassedUpdates>("Streaming:PassDuringHold", value => streaming.PassDuringHold = value);
        values.Bool("Streaming:StatusUpdates", value => streaming.StatusUpdates = value);
    }

    private static void ReadHealth(SectionReader values, HealthOptions health)
    {
        values.Time("Health:Window", value => health.Window = value);
        values.Time("Health:Interval", value => health.Interval = value);
        values.Number("Health:MinCalls", value => health.MinCalls = value, Allowed.Positive);
        values.Decimal("Health:MaxRetryPercent", value => health.MaxRetryPercent = value, Allowed.Rate);
        values.Decimal("Health:MaxModelRetryPercent", value => health.MaxModelRetryPercent = value, Allowed.Rate);
        values.Decimal("Health:MaxRollbackPercent", value => health.MaxRollbackPercent = value, Allowed.Rate);
        values.Decimal("Health:MaxRejectionPercent", value => health.MaxRejectionPercent = value, Allowed.Rate);
        values.Time("Health:MaxRetryDuration", value => health.MaxRetryDuration = value);
        values.Number("Health:MaxCommitFailures", value => health.MaxCommitFailures = value, Allowed.NotNegative);
        values.Decimal("Health:MinScore", value => health.MinScore = value, Allowed.Score);
    }

    private static void ReadMethod(SectionReader values, string name, ReliableOptions options)
    {
        string key = "Methods:" + name;
        if (!options.Methods.TryGetValue(name, out MethodOptions? method))
        {
            options.Methods[name] = method = new MethodOptions();
        }

        // Both 'Methods:X:Retry:MaxRetries' and the short 'Methods:X:MaxRetries'.
        ReadMethodRetry(values, key, method);
        ReadMethodRetry(values, key + ":Retry", method);
        ReadMethodValidation(values, key, method);
        ReadMethodValidation(values, key + ":Validation", method);
        ReadMethodStreaming(values, key, method);
        ReadMethodStreaming(values, key + ":Streaming", method);
    }

    private static void ReadMethodRetry(SectionReader values, string key, MethodOptions method)
    {
        values.Number(key + ":MaxRetries", value => method.MaxRetries = value, Allowed.Retries);
        values.Times(key + ":Backoff", value => method.Backoff = value);
        values.Bool(key + ":Jitter", value => method.Jitter = value);
        values.Time(key + ":AttemptTimeout", value => method.AttemptTimeout = value);
        values.Time(key + ":TotalTimeout", value => method.TotalTimeout = value);
        values.Bool(key + ":EnableFallback", value => method.EnableFallback = value);
    }

    private static void ReadMethodValidation(SectionReader values, string key, MethodOptions method)
    {
        values.Number(key + ":MinLength", value => method.MinLength = value, Allowed.NotNegative);
        values.Number(key + ":MinFollowUpLength", value => method.MinFollowUpLength = value, Allowed.NotNegative);
        values.Rules(key + ":Rules", value => method.Rules = value);
        values.RuleSwitches(key + ":Rules", method.Switch);
    }

    private static void ReadMethodStreaming(SectionReader values, string key, MethodOptions method)
    {
        values.Time(key + ":MaxHold", value => method.MaxHold = value);
        values.Number(key + ":MaxHeldUpdates", value => method.MaxHeldUpdates = value, Allowed.HeldUpdates);
        values.Enum<HoldExceededAction>(key + ":OnHoldExceeded", value => method.OnHoldExceeded = value);
        values.Time(key + ":FirstUpdateTimeout", value => method.FirstUpdateTimeout = value);
        values.Time(key + ":IdleTimeout", value => method.IdleTimeout = value);
        values.Enum<LateFailureAction>(key + ":OnLateFailure", value => method.OnLateFailure = value);
        values.Enum<PassedUpdates>(key + ":PassDuringHold", value => method.PassDuringHold = value);
        values.Bool(key + ":StatusUpdates", value => method.StatusUpdates = value);
    }

    private Dictionary<string, (string Name, string Value)> ReadEnvironment(List<string> mistakes)
    {
        var found = new Dictionary<string, (string, string)>(StringComparer.OrdinalIgnoreCase);
        foreach (EnvironmentName name in EnvironmentNames.All)
        {
            if (environment(name.Name) is not { Length: > 0 } value)
            {
                continue;
            }

            if (name.Convert(value) is { } converted)
            {
                found[name.Key] = (name.Name, converted);
            }
            else
            {
                mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"Environment variable '{name.Name}' is '{value}', but must be {name.Allowed}."));
            }
        }

        return found;
    }
}
