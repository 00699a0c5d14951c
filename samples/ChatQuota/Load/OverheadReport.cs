using System.Globalization;
using Spectre.Console;

namespace ChatQuota.Load;

/// <summary>The table of the time that the library itself added to the calls, against its budget.</summary>
internal static class OverheadReport
{
    public static void Write(IAnsiConsole console, OverheadProbe probe)
    {
        Table table = new Table().RoundedBorder().AddColumn("overhead, ms");
        foreach (string column in (string[])["samples", "p50", "p99", "max", "budget"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        table.AddColumn("p99 is");
        Row(table, "begin", probe.Phase(OverheadProbe.Begin), budget: 5);
        Row(table, "validate", probe.Phase(OverheadProbe.Validate), budget: 2);
        Row(table, "commit", probe.Phase(OverheadProbe.Commit), budget: 20);
        Row(table, "together per answer", probe.Calls, budget: 27);
        console.Write(table);
    }

    private static void Row(Table table, string name, IReadOnlyCollection<double> seconds, double budget)
    {
        double[] sorted = [.. seconds.Select(static value => value * 1_000).Order()];
        if (sorted.Length == 0)
        {
            table.AddRow(name, "0", "-", "-", "-", Text(budget), "not measured");
            return;
        }

        double p99 = Percentile(sorted, 0.99);
        table.AddRow(
            name,
            sorted.Length.ToString("N0", CultureInfo.InvariantCulture),
            Text(Percentile(sorted, 0.5)),
            Text(p99),
            Text(sorted[^1]),
            Text(budget),
            p99 <= budget ? "[green]within[/]" : "[red]over[/]");
    }

    /// <summary>The smallest value that is at least as great as the given share of all values.</summary>
    private static double Percentile(double[] sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Length) - 1];

    private static string Text(double milliseconds)
        => milliseconds.ToString(milliseconds == Math.Floor(milliseconds) ? "0" : "0.000", CultureInfo.InvariantCulture);
}
