using Spectre.Console;

namespace ChatQuota.Load;

/// <summary>The last line: whether the counters are right.</summary>
internal static class Verdict
{
    public static void Write(IAnsiConsole console, LoadSummary summary, bool isInterrupted)
    {
        if (isInterrupted)
        {
            console.MarkupLineInterpolated($"Stopped after {summary.Calls:N0} calls; the table is about these.");
        }

        if (summary.IsExact)
        {
            console.MarkupLineInterpolated($"[green]Exact: {summary.Good:N0} good answers, {summary.Counted:N0} charged.[/]");
            return;
        }

        if (summary.Counted != summary.Good)
        {
            console.MarkupLineInterpolated($"[red]Wrong: {summary.Good:N0} good answers, {summary.Counted:N0} charged.[/]");
        }

        if (summary.HighestCounter > summary.Limit)
        {
            console.MarkupLineInterpolated($"[red]Wrong: a counter stands at {summary.HighestCounter:N0}, above the limit of {summary.Limit:N0}.[/]");
        }

        if (summary.Broken > 0)
        {
            console.MarkupLineInterpolated($"[red]Wrong: {summary.Broken:N0} calls ended with {string.Join(", ", summary.BrokenStatuses.Select(Words))}.[/]");
        }
    }

    private static string Words(int status) => status == 0 ? "no reply" : $"status {status}";
}
