using System.Diagnostics;
using System.Text;

namespace Reliable.Packaging.Infrastructure;

/// <summary>Runs <c>dotnet</c> as a person at a prompt would: nothing of the test host's own environment reaches it.</summary>
internal static class Commands
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    // Build servers would outlive the tests.
    private static readonly string[] s_noServers = ["-nodeReuse:false", "-p:UseSharedCompilation=false"];

    public static Task BuildAsync(string directory, params string[] arguments) => DotnetAsync(directory, ["build", .. arguments, "-v:quiet", "-clp:NoSummary", .. s_noServers]);

    public static Task PackAsync(string directory, params string[] arguments) => DotnetAsync(directory, ["pack", .. arguments, "-v:quiet", "-clp:NoSummary", .. s_noServers]);

    /// <summary>Runs to the end and returns what was written; fails with all of it when the exit code is not 0.</summary>
    public static async Task<string> DotnetAsync(string directory, IEnumerable<string> arguments)
    {
        using Process process = Start(directory, arguments);
        var written = new StringBuilder();
        DataReceivedEventHandler keep = (_, line) =>
        {
            lock (written)
                written.AppendLine(line.Data);
        };
        process.OutputDataReceived += keep;
        process.ErrorDataReceived += keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"'dotnet {string.Join(' ', process.StartInfo.ArgumentList)}' did not end within {s_patience}:\n{written}");
        }

        if (process.ExitCode != 0)
            Assert.Fail($"'dotnet {string.Join(' ', process.StartInfo.ArgumentList)}' in '{directory}' ended with exit code {process.ExitCode}:\n{written}");
        return written.ToString();
    }

    public static Process Start(string directory, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (string name in start.Environment.Keys.Where(IsOfTheTestHost).ToArray())
            start.Environment.Remove(name);
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        Process process = Process.Start(start) ?? throw new InvalidOperationException("'dotnet' could not be started.");
        process.StandardInput.Close();
        return process;
    }

    private static bool IsOfTheTestHost(string name)
        => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("Reliable__", StringComparison.OrdinalIgnoreCase)
            || name is "ENABLE_RETRY_LOGIC" or "DOTNET_HOST_PATH" or "TESTINGPLATFORM_DOTNETTEST_EXECUTIONID";
}
