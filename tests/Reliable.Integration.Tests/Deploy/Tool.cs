using System.Diagnostics;

namespace Reliable.Integration.Tests.Deploy;

/// <summary>A program of the machine that tests need and do not bring along; a test that needs one is skipped, with the reason, where it is not installed.</summary>
internal static class Tool
{
    /// <summary>The path of a program, or a skipped test.</summary>
    /// <param name="name">The program.</param>
    /// <param name="package">The package of Debian it is in.</param>
    /// <param name="otherNames">What it is called elsewhere.</param>
    public static string Require(string name, string package, params string[] otherNames)
    {
        string? path = (from candidate in (string[])[name, .. otherNames]
                        from directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
                        select Path.Combine(directory, candidate)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"'{name}' is not on the PATH. Debian: apt-get install {package}");
        return path!;
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string path, string[] arguments, string? input = null)
    {
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }

    /// <summary>A file of the repository.</summary>
    public static string PathOf(params string[] parts)
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "Reliable.sln")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return Path.Combine([directory ?? throw new InvalidOperationException($"'{AppContext.BaseDirectory}' is not below the repository."), .. parts]);
    }
}
