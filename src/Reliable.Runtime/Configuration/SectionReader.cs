using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Reliable.Configuration;

/// <summary>Reads single values by key, the environment's first, and notes each that has the wrong form.</summary>
internal sealed class SectionReader(IConfiguration section, Dictionary<string, (string Name, string Value)> environment, List<string> mistakes)
{
    private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _lists = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What the section says and the environment overrules, one sentence each.</summary>
    public List<string> Overridden { get; } = [];

    /// <summary>The keys that hold a value nobody asked for: slips of the pen, most likely.</summary>
    public IEnumerable<string> Strays()
        => section.AsEnumerable(makePathsRelative: true)
            .Where(entry => entry.Value is not null && !_asked.Contains(entry.Key) && !IsElement(entry.Key))
            .Select(entry => entry.Key)
            .Order(StringComparer.OrdinalIgnoreCase);

    public void Text(string key, Action<string> set)
    {
        if (Find(key) is { Length: > 0 } value)
        {
            set(value);
        }
    }

    public void Number(string key, Action<int> set, string allowed)
        => Read(key, set, static text => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) ? value : null, allowed);

    public void LongNumber(string key, Action<long> set, string allowed)
        => Read(key, set, static text => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long value) ? value : null, allowed);

    public void Decimal(string key, Action<double> set, string allowed)
        => Read(
            key, set, static text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null, allowed);

    public void Bool(string key, Action<bool> set)
        => Read(key, set, static text => bool.TryParse(text, out bool value) ? value : null, "'true' or 'false'");

    public void Time(string key, Action<TimeSpan> set)
        => Read(key, set, ParseTime, "a time such as '00:00:01' or '00:00:00.250'");

    public void Enum<T>(string key, Action<T> set)
        where T : struct, Enum
        => Read(key, set, ParseEnum<T>, $"one of {string.Join(", ", System.Enum.GetNames<T>())}");

    public void List(string key, Action<IList<string>> set)
    {
        if (FindList(key) is { } values)
        {
            set(values);
        }
    }

    public void Times(string key, Action<IList<TimeSpan>> set)
    {
        if (FindList(key) is not { } values)
        {
            return;
        }

        TimeSpan?[] times = [.. values.Select(ParseTime)];
        if (times.Contains(null))
        {
            Mistake(key, string.Join(",", values), "times such as '00:00:01', as an array or separated by commas");
            return;
        }

        set([.. times.Select(time => time!.Value)]);
    }

    /// <summary>Rules as a list of names.</summary>
    public void Rules(string key, Action<ResponseRules> set)
    {
        if (FindList(key) is not { } names)
        {
            return;
        }

        string text = string.Join(',', names);
        if (ParseEnum<ResponseRules>(text) is { } rules)
        {
            set(rules);
        }
        else
        {
            Mistake(key, text, "names of rules, as an array or separated by commas: " + RuleNames());
        }
    }

    /// <summary>Rules as a switch for each.</summary>
    public void RuleSwitches(string key, Action<ResponseRules, bool> set)
    {
        foreach (ResponseRules rule in System.Enum.GetValues<ResponseRules>())
        {
            if (rule is not (ResponseRules.None or ResponseRules.All))
            {
                Bool($"{key}:{rule}", on => set(rule, on));
            }
        }
    }

    private static string RuleNames() => string.Join(", ", System.Enum.GetNames<ResponseRules>());

    private static TimeSpan? ParseTime(string text)
        => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan value) && !int.TryParse(text, out _) ? value : null;

    // By name only, and several names only where they can be combined.
    private static T? ParseEnum<T>(string text)
        where T : struct, Enum
        => System.Enum.TryParse(text, ignoreCase: true, out T value) && !int.TryParse(text, out _)
            && (!text.Contains(',', StringComparison.Ordinal) || typeof(T).IsDefined(typeof(FlagsAttribute), inherit: false))
            ? value
            : null;

    private void Read<T>(string key, Action<T> set, Func<string, T?> parse, string allowed)
        where T : struct
    {
        if (Find(key) is not { Length: > 0 } text)
        {
            return;
        }

        if (parse(text) is { } value)
        {
            set(value);
        }
        else
        {
            Mistake(key, text, allowed);
        }
    }

    // The elements of a list stand one level below its key, under their numbers.
    private bool IsElement(string key)
        => key.LastIndexOf(':') is > 0 and var end && _lists.Contains(key[..end]) && int.TryParse(key.AsSpan(end + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private string? Find(string key)
    {
        _asked.Add(key);
        string? own = section[key];
        if (!environment.TryGetValue(key, out (string Name, string Value) found))
        {
            return own;
        }

        own = string.IsNullOrEmpty(own) ? string.Join(',', Elements(key)) : own;
        if (own.Length > 0 && !own.Equals(found.Value, StringComparison.OrdinalIgnoreCase))
        {
            Overridden.Add($"'Reliable:{key}' is '{own}' in the configuration, and '{found.Value}' in force: environment variable '{found.Name}' stands above it.");
        }

        return found.Value;
    }

    private IEnumerable<string> Elements(string key)
        => section.GetSection(key).GetChildren().Where(child => IsElement($"{key}:{child.Key}")).Select(static child => child.Value ?? "");

    private List<string>? FindList(string key)
    {
        _lists.Add(key);
        if (Find(key) is { Length: > 0 } text)
        {
            return [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        }

        List<string> items = [.. Elements(key)];
        return items.Count == 0 ? null : items;
    }

    private void Mistake(string key, string value, string allowed)
        => mistakes.Add($"'Reliable:{key}' is '{value}', but must be {allowed}.");
}
