using System.Globalization;
using ChatQuota.Api;

namespace ChatQuota.Load;

/// <summary>What the main job sets differently from the server: a database of its own, a quick model, short delays.</summary>
internal static class LoadSettings
{
    /// <summary>The delays between attempts, instead of 1, 2 and 4 seconds.</summary>
    public static readonly TimeSpan[] Backoff = [TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(80)];

    /// <summary>Longer than any answer of the simulated model takes, except the slow ones.</summary>
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(2);

    private const string Method = "Reliable:Methods:SupportAssistant.AskAsync";

    public static IEnumerable<KeyValuePair<string, string?>> For(LoadPlan plan, string directory, DateTimeOffset now)
    {
        yield return new("urls", "http://127.0.0.1:0");
        yield return new(UsageDatabase.PathKey, Path.Combine(directory, "usage.db"));
        yield return new("Reliable:Usage:JournalPath", Path.Combine(directory, "journal"));
        yield return new("Reliable:Usage:DefaultLimit", Text(plan.EffectiveLimit));
        yield return new("Reliable:Usage:ResetTimeZone", ResetTimeZone(now));
        yield return new("Reliable:Rollout:Mode", "On");
        yield return new("Reliable:Retry:AttemptTimeout", Text(AttemptTimeout));
        for (int i = 0; i < Backoff.Length; i++)
        {
            yield return new($"{Method}:Backoff:{i}", Text(Backoff[i]));
        }

        yield return new("SimulatedModel:Seed", Text(plan.Seed));
        yield return new("SimulatedModel:MinLatency", "00:00:00.020");
        yield return new("SimulatedModel:MaxLatency", "00:00:00.080");
        yield return new("SimulatedModel:SlowDelay", Text(AttemptTimeout * 3));
        yield return new("SimulatedModel:RetryAfter", "00:00:01");

        // Rejections and retries are what this run is about, by the hundred: the table counts them.
        yield return new("Logging:LogLevel:Default", "None");
        yield return new("Logging:LogLevel:Microsoft.AspNetCore", "None");
    }

    /// <summary>A zone in which no day ends during the run: at midnight counters start again from zero, and the sum would be another.</summary>
    private static string ResetTimeZone(DateTimeOffset now)
        => now.UtcDateTime.TimeOfDay > TimeSpan.FromHours(23) && TimeZoneInfo.TryFindSystemTimeZoneById("Etc/GMT-12", out _) ? "Etc/GMT-12" : "UTC";

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
