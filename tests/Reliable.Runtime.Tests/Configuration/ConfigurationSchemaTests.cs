using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Reliable.Infrastructure;

namespace Reliable.Configuration;

/// <summary>Keeps the JSON schema that editors complete appsettings.json from in step with the options.</summary>
public sealed class ConfigurationSchemaTests
{
    private static readonly JsonElement s_reliable = Read();

    public static TheoryData<string> Keys => [.. Options().Select(static option => option.Key).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Schema_WhenRead_HasTheOptionWithItsTypeAndDefault(string key)
    {
        (Type type, object? value) = Options()[key];
        JsonElement schema = Find(key);

        Assert.NotEmpty(schema.GetProperty("description").GetString()!);
        AssertType(schema, type);
        if (Text(value) is { } expected)
            Assert.Equal(expected, Text(schema.GetProperty("default")));
        else
            Assert.False(schema.TryGetProperty("default", out _), $"'{key}' has no default that could be written down.");
    }

    [Fact]
    public void Schema_WhenRead_HasNoOptionThatDoesNotExist()
    {
        IEnumerable<string> keys = from section in s_reliable.GetProperty("properties").EnumerateObject()
                                   where section.Name != "Methods"
                                   from option in OptionsOf(section.Value)
                                   select option.Length == 0 ? section.Name : $"{section.Name}:{option}";

        Assert.Equal(Options().Keys.Order(StringComparer.Ordinal), keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Schema_WhenRead_HasTheOptionsOfSingleMethods()
    {
        JsonElement method = Properties(s_reliable.GetProperty("properties").GetProperty("Methods").GetProperty("additionalProperties"));
        string[] options = [.. typeof(MethodOptions).GetProperties().Select(static option => option.Name).Order(StringComparer.Ordinal)];
        string[] sections = [.. method.EnumerateObject().Where(static each => each.Value.TryGetProperty("properties", out _)).Select(static each => each.Name)];

        Assert.Equal(options, Names(method).Except(sections));
        Assert.Equal(options, sections.SelectMany(section => Names(Properties(method.GetProperty(section)))).Order(StringComparer.Ordinal));
        Assert.All(method.EnumerateObject(), static each => Assert.False(each.Value.TryGetProperty("default", out _), $"'{each.Name}' of a method overrides; it has no default."));
    }

    [Fact]
    public void Schema_WhenItsDefaultsAreWrittenOut_IsReadWithoutAMistake()
    {
        var written = s_reliable.GetProperty("properties").EnumerateObject()
            .Where(static section => section.Name != "Methods")
            .ToDictionary(
                static section => section.Name,
                static section => section.Value.TryGetProperty("properties", out JsonElement options)
                    ? (object)options.EnumerateObject()
                        .Where(static option => option.Value.TryGetProperty("default", out _))
                        .ToDictionary(static option => option.Name, static option => option.Value.GetProperty("default"))
                    : section.Value.GetProperty("default"));
        using var json = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(new { Reliable = written }));
        var options = new ReliableOptions();

        new OptionsReader(new ConfigurationBuilder().AddJsonStream(json).Build().GetSection("Reliable"), static _ => null).Configure(options);

        Assert.Empty(options.Mistakes);
        Assert.Empty(options.Strays);
        Assert.All(Options(options), option => Assert.Equal(Text(Options()[option.Key].Value), Text(option.Value.Value)));
    }

    [Theory]
    [InlineData("00:00:01", true)]
    [InlineData("00:00:00.250", true)]
    [InlineData("1.00:00:00", true)]
    [InlineData("1000", false)]
    [InlineData("1s", false)]
    public void Schema_WhenATimeIsWritten_KnowsIt(string time, bool isTime)
        => Assert.Equal(isTime, Regex.IsMatch(time, Find("Retry:MaxDelay").GetProperty("pattern").GetString()!));

    private static JsonElement Read()
        => Properties(JsonDocument.Parse(File.ReadAllText(Repository.PathOf("src", "Reliable.Runtime", "ConfigurationSchema.json"))).RootElement).GetProperty("Reliable");

    private static JsonElement Properties(JsonElement schema) => schema.GetProperty("properties");

    private static IEnumerable<string> Names(JsonElement properties) => properties.EnumerateObject().Select(static each => each.Name).Order(StringComparer.Ordinal);

    private static JsonElement Find(string key)
    {
        JsonElement found = s_reliable;
        foreach (string name in key.Split(':'))
            Assert.True(Properties(found).TryGetProperty(name, out found), $"ConfigurationSchema.json has no '{key}'.");
        return found;
    }

    // An option that stands in no section has no options of its own.
    private static IEnumerable<string> OptionsOf(JsonElement section)
        => section.TryGetProperty("properties", out JsonElement options) ? options.EnumerateObject().Select(static option => option.Name) : [""];

    private static void AssertType(JsonElement schema, Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsEnum && plain.GetCustomAttribute<FlagsAttribute>() is null)
            Assert.Equal(Enum.GetNames(plain), schema.GetProperty("enum").EnumerateArray().Select(static name => name.GetString()));
        else if (plain == typeof(TimeSpan))
            Assert.True(schema.TryGetProperty("pattern", out _));
        else if (plain.IsEnum || (plain != typeof(string) && typeof(IEnumerable).IsAssignableFrom(plain)))
            Assert.Equal(2, schema.GetProperty("anyOf").GetArrayLength());
        else
            Assert.Equal(
                plain == typeof(bool) ? "boolean" : plain == typeof(string) ? "string" : plain == typeof(double) ? "number" : "integer",
                schema.GetProperty("type").GetString());
    }

    private static Dictionary<string, (Type Type, object? Value)> Options(ReliableOptions? options = null)
    {
        options ??= new ReliableOptions();
        return (from section in typeof(ReliableOptions).GetProperties()
                where section.PropertyType.Name.EndsWith("Options", StringComparison.Ordinal)
                from option in section.PropertyType.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                where !typeof(Delegate).IsAssignableFrom(option.PropertyType)
                select (Key: $"{section.Name}:{option.Name}", Value: (option.PropertyType, option.GetValue(section.GetValue(options)))))
            .Append((Key: nameof(ReliableOptions.Preset), Value: (typeof(ReliablePreset), options.Preset)))
            .ToDictionary(static option => option.Key, static option => option.Value);
    }

    // What can be written down; null and empty lists cannot.
    private static string? Text(object? value) => value switch
    {
        null => null,
        JsonElement { ValueKind: JsonValueKind.Array } array => string.Join(", ", array.EnumerateArray().Select(static each => each.ToString())),
        JsonElement { ValueKind: JsonValueKind.True or JsonValueKind.False } flag => flag.GetBoolean() ? "true" : "false",
        JsonElement element => element.ToString(),
        bool flag => flag ? "true" : "false",
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        string text => text,
        ICollection { Count: 0 } => null,
        IEnumerable items => string.Join(", ", items.Cast<object>().Select(Text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
