using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Reliable.Servers;

/// <summary>A throw-away PostgreSQL server on a free port of the loopback address, with its data in a temporary directory and fsync on.</summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private readonly string _binaries;
    private readonly string _directory;
    private readonly int _port;

    private PostgresCluster(string binaries, string directory, int port)
    {
        _binaries = binaries;
        _directory = directory;
        _port = port;
    }

    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres;Timeout=15";

    private string Data => Path.Combine(_directory, "data");

    public static async Task<PostgresCluster> StartAsync()
    {
        string binaries = FindBinaries();
        string directory = Directory.CreateTempSubdirectory("reliable-postgres-").FullName;
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
            await RunAsync("chown", [UnprivilegedUser(), directory]);
        var cluster = new PostgresCluster(binaries, directory, FindFreePort());
        await cluster.RunAsServerUserAsync("initdb", ["-D", cluster.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]);
        await cluster.StartServerAsync();
        return cluster;
    }

    public Task StartServerAsync() => RunAsServerUserAsync(
        "pg_ctl",
        ["-D", Data, "-s", "-w", "-t", "60", "-l", Path.Combine(_directory, "log"), "-o",
            $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=150 -c fsync=on -c log_min_messages=fatal", "start"]);

    /// <summary>Stops the server: <c>fast</c> ends its sessions, <c>immediate</c> is a crash.</summary>
    public Task StopServerAsync(string mode) => RunAsServerUserAsync("pg_ctl", ["-D", Data, "-s", "-w", "-t", "60", "-m", mode, "stop"]);

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
            await StopServerAsync("immediate");
        Directory.Delete(_directory, recursive: true);
    }

    private static string FindBinaries()
    {
        string name = OperatingSystem.IsWindows() ? "initdb.exe" : "initdb";
        IEnumerable<string> path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(static d => int.TryParse(Path.GetFileName(d), out int version) ? version : 0)
                .Select(static d => Path.Combine(d, "bin"))
            : [];
        string? found = path.Concat(installed).FirstOrDefault(d => File.Exists(Path.Combine(d, name)));
        return found ?? throw new InvalidOperationException(
            "These tests need PostgreSQL: put 'initdb' and 'pg_ctl' on the PATH, or name a server in RELIABLE_TEST_POSTGRES by a connection string of an administrator.");
    }

    public static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // The server refuses to run as root.
    private static string UnprivilegedUser()
        => File.ReadLines("/etc/passwd").Any(static l => l.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    private Task RunAsServerUserAsync(string program, IReadOnlyList<string> arguments)
    {
        string file = Path.Combine(_binaries, program);
        return Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows()
            ? RunAsync("runuser", ["-u", UnprivilegedUser(), "--", file, .. arguments])
            : RunAsync(file, arguments);
    }

    private static async Task RunAsync(string file, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { WorkingDirectory = Path.GetTempPath(), RedirectStandardOutput = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"'{file}' could not be started.");
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"'{file} {string.Join(' ', start.ArgumentList)}' ended with exit code {process.ExitCode}.");
    }
}
