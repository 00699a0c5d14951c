using Reliable.Configuration;
using Reliable.Diagnostics;

namespace Reliable.Hosting;

/// <summary>Says what is in force, and what is probably not meant, on start and after each change; the same things only once.</summary>
internal sealed class SettingsReport(ReliableRuntime runtime)
{
    private readonly UsageOptions _atStart = runtime.Settings.Options.Usage;
    private string? _written;

    public void Write(ReliableOptions options)
    {
        string summary = LogText.Clean(SettingsSummary.Of(options, runtime.StoreName), maxLength: 2000);
        string[] warnings = [.. Warnings(options).Select(static warning => LogText.Clean(warning, maxLength: 500))];
        string[] notes = [.. options.Overridden.Select(static note => LogText.Clean(note, maxLength: 500))];
        string all = string.Join('\n', [$"{options.Rollout.Mode}: {summary}", .. warnings, .. notes]);
        if (all == _written)
        {
            return;
        }

        _written = all;
        Log.InForce(runtime.Logger, options.Rollout.Mode, summary);
        foreach (string warning in warnings)
        {
            Log.ConfigurationWarning(runtime.Logger, warning);
        }

        foreach (string note in notes)
        {
            Log.ConfigurationNote(runtime.Logger, note);
        }
    }

    private IEnumerable<string> Warnings(ReliableOptions options)
        => OptionsChecker.Warnings(options)
            .Concat(options.Strays.Select(static key => $"'Reliable:{key}' is not a setting and is ignored."))
            .Concat(NeedsRestart("Usage:Journal", _atStart.Journal.ToString(), options.Usage.Journal.ToString()))
            .Concat(NeedsRestart("Usage:JournalPath", _atStart.JournalPath ?? "", options.Usage.JournalPath ?? ""));

    private static IEnumerable<string> NeedsRestart(string key, string atStart, string now)
        => atStart == now ? [] : [$"'Reliable:{key}' was changed to '{now}'. It is read on start only: '{atStart}' stays in force until then."];
}
