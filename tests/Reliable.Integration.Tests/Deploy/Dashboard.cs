using System.Text.Json;
using System.Text.RegularExpressions;

namespace Reliable.Integration.Tests.Deploy;

/// <summary>The dashboard for Grafana, as far as tests look at it.</summary>
internal static partial class Dashboard
{
    private static readonly JsonElement s_root = JsonDocument.Parse(File.ReadAllText(Tool.PathOf("deploy", "grafana", "reliable.json"))).RootElement;

    public static IEnumerable<JsonElement> Panels => s_root.GetProperty("panels").EnumerateArray();

    public static IEnumerable<string> Rows => Panels.Where(static panel => panel.GetProperty("type").GetString() == "row").Select(static row => row.GetProperty("title").GetString()!);

    /// <summary>Every query, with the title of its panel.</summary>
    public static IEnumerable<(string Title, string Query)> Queries
        => from panel in Panels
           where panel.TryGetProperty("targets", out _)
           from target in panel.GetProperty("targets").EnumerateArray()
           select (panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!);

    /// <summary>The queries that the variables are filled from.</summary>
    public static IEnumerable<string> VariableQueries
        => from variable in s_root.GetProperty("templating").GetProperty("list").EnumerateArray()
           where variable.GetProperty("type").GetString() == "query"
           select variable.GetProperty("query").GetProperty("query").GetString()!;

    /// <summary>A query as Grafana sends it, with everything chosen.</summary>
    public static string Fill(string query)
        => query.Replace("$__rate_interval", "5m", StringComparison.Ordinal)
            .Replace("$job", ".*", StringComparison.Ordinal)
            .Replace("$model", ".*", StringComparison.Ordinal);

    /// <summary>The metrics a query names; alternatives of a pattern each.</summary>
    public static IEnumerable<string> MetricsOf(string query)
        => Pattern().Replace(query, static match => string.Join(' ', match.Groups[2].Value.Split('|').Select(part => match.Groups[1].Value + part + match.Groups[3].Value)))
            .Split([' ', '(', ')', '{', '}', ',', '"', '='], StringSplitOptions.RemoveEmptyEntries)
            .Where(static word => word.StartsWith("reliable_", StringComparison.Ordinal))
            .Select(static word => word.Split('[')[0]);

    [GeneratedRegex(@"(\w+)\(([\w|]+)\)(\w+)")]
    private static partial Regex Pattern();
}
