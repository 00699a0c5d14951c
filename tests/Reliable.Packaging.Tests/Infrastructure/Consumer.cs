using System.Diagnostics;
using System.Security;
using System.Text;

namespace Reliable.Packaging.Infrastructure;

/// <summary>A stranger's directory with projects in it.</summary>
public sealed class Consumer
{
    private readonly Packages _packages;

    internal Consumer(string directory, Packages packages)
    {
        _packages = packages;
        Root = directory;

        // Nothing is removed from the machine's sources. Packages of others may come from its cache; ours are in a folder of this consumer's own.
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string fallback = Directory.Exists(cache) ? $"<fallbackPackageFolders><add key=\"machine\" value=\"{SecurityElement.Escape(cache)}\" /></fallbackPackageFolders>" : "";
        Write("nuget.config", $"""
            <?xml version="1.0" encoding="utf-8"?>
            <configuration>
              <config><add key="globalPackagesFolder" value="{SecurityElement.Escape(Path.Combine(Root, "packages"))}" /></config>
              <packageSources><add key="under-test" value="{SecurityElement.Escape(packages.Source)}" /></packageSources>
              {fallback}
            </configuration>
            """);
        Write("Directory.Build.props", $"<Project><PropertyGroup><ReliableVersion>{packages.Version}</ReliableVersion></PropertyGroup></Project>");
    }

    public string Root { get; }

    public void Write(string file, string text)
    {
        string path = Path.Combine(Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>Copies a folder of <c>Consumers</c>.</summary>
    public void Copy(string folder)
    {
        foreach (string file in Directory.GetFiles(Path.Combine(Repository.Consumers, folder)))
            Write(Path.Combine(folder, Path.GetFileName(file)), File.ReadAllText(file));
    }

    /// <summary>Builds a project with warnings as errors.</summary>
    public async Task BuildAsync(string project)
    {
        await Commands.BuildAsync(Path.Combine(Root, project), "-warnaserror");
        string own = Path.Combine(Root, "packages", "reliable.runtime", _packages.Version);
        Assert.True(Directory.Exists(own), $"The build did not use the packages under test: '{own}' is missing.");
    }

    /// <summary>Runs a program that ends by itself and returns its lines.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(string project)
        => (await Commands.DotnetAsync(Path.Combine(Root, project), [Program(project)])).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Starts a web application on a free port; it is stopped when it is disposed.</summary>
    public Task<WebServer> StartWebAsync(string project) => WebServer.StartAsync(Path.Combine(Root, project), Program(project));

    private static string Program(string project) => Path.Combine("bin", "Debug", "net10.0", project + ".dll");

    public sealed class WebServer : IAsyncDisposable
    {
        private readonly Process _process;
        private readonly StringBuilder _log = new();
        private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private WebServer(Process process) => _process = process;

        public HttpClient Http { get; } = new();

        public string Log
        {
            get
            {
                lock (_log)
                    return _log.ToString();
            }
        }

        public static async Task<WebServer> StartAsync(string directory, string program)
        {
            var server = new WebServer(Commands.Start(directory, [program, "--urls", "http://127.0.0.1:0"]));
            server._process.OutputDataReceived += (_, line) => server.Take(line.Data);
            server._process.ErrorDataReceived += (_, line) => server.Take(line.Data);
            server._process.BeginOutputReadLine();
            server._process.BeginErrorReadLine();
            try
            {
                server.Http.BaseAddress = await server._address.Task.WaitAsync(TimeSpan.FromSeconds(60));
            }
            catch (Exception e)
            {
                await server.DisposeAsync();
                Assert.Fail($"The application did not start ({e.Message}):\n{server.Log}");
            }

            return server;
        }

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync();
            }

            _process.Dispose();
        }

        private void Take(string? line)
        {
            if (line is null)
            {
                _address.TrySetException(new InvalidOperationException("it ended"));
                return;
            }

            lock (_log)
                _log.AppendLine(line);
            const string Listening = "Now listening on: ";
            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and int at)
                _address.TrySetResult(new Uri(line[(at + Listening.Length)..].Trim()));
        }
    }
}
