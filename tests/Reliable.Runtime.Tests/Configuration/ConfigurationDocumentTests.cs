using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Reliable.Infrastructure;

namespace Reliable.Configuration;

/// <summary>Keeps docs/configuration.md in step with the options.</summary>
public sealed partial class ConfigurationDocumentTests
{
    private static readonly IReadOnlyDictionary<string, (string Default, string Environment)> s_rows = ReadRows();

    [Fact]
    public void Document_WhenRead_HasEachOptionWithItsDefault()
    {
        foreach ((string key, object? value) in Options())
        {
            Assert.True(s_rows.ContainsKey(key), $"docs/configuration.md has no row for '{key}'.");
            if (Text(value) is { } expected)
                Assert.Equal($"`{expected}`", s_rows[key].Default);
        }
    }

    [Fact]
    public void Document_WhenRead_HasNoOptionThatDoesNotExist()
    {
        IEnumerable<string> rules = Enum.GetNames<ResponseRules>().Select(static rule => "Validation:Rules:" + rule);
        Assert.Empty(s_rows.Keys.Except(Options().Select(static option => option.Key)).Except(rules));
    }

    [Fact]
    public void Document_WhenRead_HasEachEnvironmentNameBesideItsKey()
        => Assert.Equal(
            EnvironmentNames.All.Select(static name => (name.Key, name.Name)).Order(),
            s_rows.Where(static row => row.Value.Environment.Length > 0).Select(static row => (row.Key, row.Value.Environment)).Order());

    [Fact]
    public void DeploymentDocument_WhenRead_HasEachEnvironmentNameBesideItsKey()
        => Assert.Equal(
            EnvironmentNames.All.Select(static name => (name.Name, name.Key)),
            NameRow().Matches(File.ReadAllText(Repository.PathOf("docs", "deployment.md"))).Select(static row => (row.Groups[1].Value, row.Groups[2].Value)));

    private static IEnumerable<(string Key, object? Value)> Options()
    {
        var options = new ReliableOptions();
        return (from section in typeof(ReliableOptions).GetProperties()
                where section.PropertyType.Name.EndsWith("Options", StringComparison.Ordinal)
                from option in section.PropertyType.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                where !typeof(Delegate).IsAssignableFrom(option.PropertyType)
                select ($"{section.Name}:{option.Name}", option.GetValue(section.GetValue(options))))
            .Append((nameof(ReliableOptions.Preset), options.Preset));
    }

    // What can be written down; null and empty lists are described in words.
    private static string? Text(object? value) => value switch
    {
        null => null,
        bool flag => flag ? "true" : "false",
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        string text => text,
        ICollection { Count: 0 } => null,
        IEnumerable items => string.Join(", ", items.Cast<object>().Select(Text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static Dictionary<string, (string Default, string Environment)> ReadRows()
        => Row().Matches(File.ReadAllText(Repository.PathOf("docs", "configuration.md")))
            .ToDictionary(static row => row.Groups[1].Value, static row => (row.Groups[2].Value.Trim(), row.Groups[3].Value));

    [GeneratedRegex(@"^\| `(\w+(?::\w+)*)` \|([^|]*)\|[^|]*\| ?(?:`([A-Z_]+)`)?[^|]*\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^\| `([A-Z_]+)` \| `(\w+(?::\w+)+)` \|", RegexOptions.Multiline)]
    private static partial Regex NameRow();
}
