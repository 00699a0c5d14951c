using System.Diagnostics;
using Reliable.Configuration;

namespace Reliable.Rollout;

/// <summary>The environment names as an operator sets them: in the environment of a process, beside its appsettings.json.</summary>
public sealed class EnvironmentTests
{
    [Fact]
    public async Task Serve_WhenEveryNameIsWrong_EndsAndNamesAllOfThem()
    {
        EnvironmentName[] names = [.. EnvironmentNames.All.Where(static name => !name.Key.EndsWith("Users", StringComparison.Ordinal))];
        (int exitCode, string output) = await ServeAsync(names.ToDictionary(static name => name.Name, static _ => "nonsense"), until: null);

        Assert.Equal(1, exitCode);
        Assert.Equal(13, names.Length);
        Assert.All(
            names,
            name => Assert.Contains($"Environment variable '{name.Name}' is 'nonsense', but must be {name.Allowed}.", output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Serve_WhenNamesStandAboveAppsettings_SaysWhatIsInForceAndWhy()
    {
        (_, string output) = await ServeAsync(
            new Dictionary<string, string>
            {
                ["ENABLE_RETRY_LOGIC"] = "false",
                ["Reliable__Retry__MaxRetries"] = "4",
                ["RETRY_MAX_ATTEMPTS"] = "2",
            },
            until: "Now listening");

        Assert.Contains("[Reliable] Off: counters move at the start of each call", output, StringComparison.Ordinal);
        Assert.Contains(
            "'Reliable:Rollout:Mode' is 'On' in the configuration, and 'Off' in force: environment variable 'ENABLE_RETRY_LOGIC' stands above it.", output, StringComparison.Ordinal);
        Assert.Contains("'Reliable:Retry:MaxRetries' is '4' in the configuration, and '2' in force", output, StringComparison.Ordinal);
    }

    // The sample, as it is built, in a process of its own.
    private static async Task<(int ExitCode, string Output)> ServeAsync(Dictionary<string, string> environment, string? until)
    {
        string directory = Directory.CreateTempSubdirectory("reliable-environment-").FullName;
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "ChatQuota.dll"), "serve", "--urls", "http://127.0.0.1:0" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ChatQuota__Database"] = Path.Combine(directory, "usage.db");
        start.Environment["Reliable__Usage__JournalPath"] = Path.Combine(directory, "journal");
        start.Environment["Logging__Console__DisableColors"] = "true";
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        List<string> lines = [];
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            lines.Add(line);
            if (until is not null && line.Contains(until, StringComparison.Ordinal))
                process.Kill();
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Directory.Delete(directory, recursive: true);
        return (process.ExitCode, string.Join('\n', [.. lines, await error]));
    }
}
