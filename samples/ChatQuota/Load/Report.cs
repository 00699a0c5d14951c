using System.Globalization;
using ChatQuota.Simulation;
using Spectre.Console;

namespace ChatQuota.Load;

/// <summary>The table of what came of the questions.</summary>
internal static class Report
{
    public static void Write(IAnsiConsole console, LoadSummary summary, Tally? tally)
    {
        Table table = new Table().RoundedBorder().AddColumn("").AddColumn(new TableColumn("").RightAligned()).AddColumn("").HideHeaders();
        Row(table, "calls", summary.Calls, string.Create(CultureInfo.InvariantCulture, $"in {summary.Duration.TotalSeconds:0.0} s"));
        Row(table, "good answers", summary.Good, "HTTP 200", "green");
        Row(table, "  retried", summary.Retried, "asked the model more than once");
        Row(table, "  rescued by fallback", summary.Rescued, "good at the last resort");
        Row(table, "given up", summary.GivenUp, "HTTP 502, not charged");
        Row(table, "declined", summary.Refused, "HTTP 422, content filter, not charged");
        Row(table, "denied", summary.Denied, "HTTP 429, limit reached, model not asked");
        if (summary.Broken > 0)
        {
            Row(table, "broken", summary.Broken, "no reply, or a status that is not expected", "red");
        }

        Row(table, "attempts", summary.Attempts, tally is null ? "external model" : $"the model counted {Number(tally.Requests)}");
        if (tally is not null)
        {
            Row(table, "  answered well", tally.GoodAnswers, "by the model's own count");
        }

        table.AddEmptyRow();
        Row(table, "counters in the database", summary.Counted, "sum over all users", summary.IsExact ? "green" : "red");
        Row(table, "  highest", summary.HighestCounter, $"limit {Number(summary.Limit)}");
        Row(table, "a plain counter", summary.PlainCounter, PlainCounter(summary));
        console.Write(table);

        if (tally is not null)
        {
            WriteMisbehaviour(console, tally);
        }
    }

    private static string PlainCounter(LoadSummary summary) => summary.Denied > 0
        ? "would have charged, whatever came back"
        : $"would have charged, {Number(summary.PlainCounter - summary.GoodAtOnce)} for nothing good";

    private static void WriteMisbehaviour(IAnsiConsole console, Tally tally)
    {
        List<string> parts =
        [
            .. Enum.GetValues<Behaviour>()
                .Where(behaviour => behaviour is not (Behaviour.GoodAnswer or Behaviour.SlowAnswer) && tally[behaviour] > 0)
                .Select(behaviour => $"{Words(behaviour)} {Number(tally[behaviour])}"),
        ];
        if (tally.Abandoned > 0)
        {
            parts.Add($"too slow {Number(tally.Abandoned)}");
        }

        if (parts.Count > 0)
        {
            console.MarkupLineInterpolated($"[grey]The model's misbehaviour: {string.Join(", ", parts)}.[/]");
        }
    }

    private static string Words(Behaviour behaviour) => behaviour switch
    {
        Behaviour.EmptyContent => "empty content",
        Behaviour.Whitespace => "white space",
        Behaviour.ThreeCharacters => "three characters",
        Behaviour.ToolCallsOnly => "tool calls only",
        Behaviour.TooManyRequests => "429",
        Behaviour.ServerError => "500",
        Behaviour.Unavailable => "503",
        Behaviour.DroppedConnection => "dropped connection",
        Behaviour.ContentFilter => "content filter",
        Behaviour.CutStream => "cut stream",
        Behaviour.StalledStream => "stalled stream",
        _ => behaviour.ToString(),
    };

    private static void Row(Table table, string name, long value, string note, string? colour = null)
    {
        string style = colour ?? "default";
        table.AddRow(new Markup($"[{style}]{Markup.Escape(name)}[/]"), new Markup($"[{style}]{Number(value)}[/]"), new Markup($"[grey]{Markup.Escape(note)}[/]"));
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
