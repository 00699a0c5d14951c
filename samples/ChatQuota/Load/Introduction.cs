using ChatQuota.Api;
using Spectre.Console;

namespace ChatQuota.Load;

/// <summary>Says what is about to happen, and where it differs from production.</summary>
internal static class Introduction
{
    public static void Write(IAnsiConsole console, LoadPlan plan, IConfiguration configuration, bool isSimulated)
    {
        string database = UsageDatabase.IsPostgres(configuration) ? "PostgreSQL" : "SQLite, in a temporary file";
        string model = isSimulated
            ? $"simulated, on a port of its own; misbehaves with seed {plan.Seed}"
            : $"external, at {configuration["OPENAI_BASE_URL"]}";
        string backoff = string.Join(", ", LoadSettings.Backoff.Select(static delay => $"{delay.TotalMilliseconds:0}"));

        console.MarkupLineInterpolated($"[bold]{plan.Calls:N0} questions of {plan.Users:N0} users, {plan.Concurrency} at a time, through POST /chat[/]");
        console.MarkupLineInterpolated($"  model     {model}");
        console.MarkupLineInterpolated($"  counters  {database}; limit {plan.EffectiveLimit:N0} a day and user");
        console.MarkupLineInterpolated($"  backoff   shortened to {backoff} ms for this run (in production 1, 2 and 4 s)");
        console.MarkupLineInterpolated($"  warm-up   {WarmUp.Calls(plan)} questions of other users, not in the tables");
        console.WriteLine();
    }
}
