using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Reliable.Configuration;

/// <summary>Options as an application gets them, from a section and an environment written down in the test.</summary>
internal static class Settings
{
    public static ReliableOptions Read(params (string Key, string? Value)[] section) => Read(section, []);

    public static ReliableOptions Read((string Key, string? Value)[] section, (string Name, string Value)[] environment)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(section.Select(static entry => KeyValuePair.Create("Reliable:" + entry.Key, entry.Value)))
            .Build();
        Dictionary<string, string> names = environment.ToDictionary(static entry => entry.Name, static entry => entry.Value);
        var options = new ReliableOptions();
        new OptionsReader(configuration.GetSection("Reliable"), name => names.GetValueOrDefault(name)).Configure(options);
        return options;
    }

    public static ReliableOptions ReadEnvironment(string name, string value) => Read([], [(name, value)]);

    public static IReadOnlyList<string> MistakesOf(ReliableOptions options)
        => new OptionsChecker().Validate(Options.DefaultName, options).Failures?.ToList() ?? [];

    public static IReadOnlyList<string> MistakesOf(params (string Key, string? Value)[] section) => MistakesOf(Read(section));
}
