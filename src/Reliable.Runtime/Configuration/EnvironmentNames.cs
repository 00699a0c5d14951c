using System.Globalization;

namespace Reliable.Configuration;

/// <summary>
/// The environment names that deployments had before there was a configuration section. They keep their units, and are a configuration source of their own that
/// wins over the section.
/// </summary>
internal static class EnvironmentNames
{
    private const int MillisecondsPerDay = 86_400_000;

    /// <summary>Each name, and the keys below <c>Reliable</c> it stands for.</summary>
    public static IReadOnlyList<EnvironmentName> All { get; } =
    [
        new("ENABLE_RETRY_LOGIC", "Rollout:Mode", "true or false", static value => ParseBool(value) is { } on ? (on ? "On" : "Off") : null),
        new("RETRY_ROLLOUT_PERCENT", "Rollout:Percent", Allowed.Percent, static value => ParseNumber(value, 0, 100)),
        new("RETRY_TEST_USERS", "Rollout:TestUsers", "user ids, separated by commas", static value => value),
        new("RETRY_DISABLED_USERS", "Rollout:DisabledUsers", "user ids, separated by commas", static value => value),
        new("RETRY_MAX_ATTEMPTS", "Retry:MaxRetries", Allowed.Retries, static value => ParseNumber(value, 0, 10)),
        new("RETRY_BACKOFF_MS", "Retry:Backoff", "milliseconds up to a day, separated by commas, such as '1000,2000,4000'", ParseMillisecondList),
        new("RETRY_ENABLE_FALLBACK", "Retry:EnableFallback", "true or false", BoolText),
        new("TRANSACTION_TIMEOUT_MS", "Transactions:Timeout", "milliseconds from 1000 to 86400000", static value => ParseMilliseconds(value, 1_000)),
        new("TRANSACTION_CLEANUP_INTERVAL_MS", "Transactions:CleanupInterval", "milliseconds from 100 to 86400000", static value => ParseMilliseconds(value, 100)),
        new("MIN_VALIDATION_TEXT_LENGTH", "Validation:MinLength", Allowed.NotNegative, static value => ParseNumber(value, 0, int.MaxValue)),
        new("VALIDATE_MIN_TEXT", "Validation:Rules:MinText", "true or false", BoolText),
        new("VALIDATE_TOOL_EXPLANATION", "Validation:Rules:ToolOutputsExplained", "true or false", BoolText),
        new("VALIDATE_NO_TOOL_ONLY", "Validation:Rules:NoToolCallsOnly", "true or false", BoolText),
        new("VALIDATE_NO_EMPTY", "Validation:Rules:NotEmpty", "true or false", BoolText),
        new("VALIDATE_NO_WHITESPACE", "Validation:Rules:NotWhitespace", "true or false", BoolText),
    ];

    private static bool? ParseBool(string value) => value.Trim() switch
    {
        "1" => true,
        "0" => false,
        var text => bool.TryParse(text, out bool parsed) ? parsed : null,
    };

    private static string? BoolText(string value) => ParseBool(value) is { } parsed ? (parsed ? "true" : "false") : null;

    // The ranges are those of the keys; checked here too, so that the message names what the operator has set.
    private static string? ParseNumber(string value, int least, int most)
        => int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number.ToString(CultureInfo.InvariantCulture)
            : null;

    private static string? ParseMilliseconds(string value, int least)
        => ParseNumber(value, least, MillisecondsPerDay) is { } ms
            ? TimeSpan.FromMilliseconds(int.Parse(ms, CultureInfo.InvariantCulture)).ToString("c", CultureInfo.InvariantCulture)
            : null;

    private static string? ParseMillisecondList(string value)
    {
        string?[] delays = [.. value.Split(',', StringSplitOptions.TrimEntries).Select(static delay => ParseMilliseconds(delay, 0))];
        return delays.Contains(null) ? null : string.Join(',', delays);
    }
}
