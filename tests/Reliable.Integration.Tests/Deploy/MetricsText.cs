using System.Globalization;

namespace Reliable.Integration.Tests.Deploy;

/// <summary>Reads what the sample writes for Prometheus, line by line.</summary>
internal static class MetricsText
{
    /// <summary>The instruments, by the names their samples begin with.</summary>
    public static IEnumerable<string> InstrumentsOf(string text) => Types(text).Select(static type => type.Name);

    /// <summary>The names that samples can have: of a histogram three.</summary>
    public static IEnumerable<string> NamesOf(string text)
        => Types(text).SelectMany(static type => type.Type == "histogram" ? (string[])[type.Name + "_bucket", type.Name + "_sum", type.Name + "_count"] : [type.Name]);

    /// <summary>The samples, by name and labels as they are written.</summary>
    public static Dictionary<string, double> SamplesOf(string text)
        => text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(static line => !line.StartsWith('#'))
            .ToDictionary(
                static line => line[..line.LastIndexOf(' ')],
                static line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    private static IEnumerable<(string Name, string Type)> Types(string text)
        => text.Split('\n')
            .Where(static line => line.StartsWith("# TYPE ", StringComparison.Ordinal))
            .Select(static line => (line.Split(' ')[2], line.Split(' ')[3]));
}
