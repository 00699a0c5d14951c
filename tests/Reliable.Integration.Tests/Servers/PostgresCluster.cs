using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Reliable.Servers;

/// <summary>A throw-away PostgreSQL server on a free port of the loopback address, with its data in a temporary directory and fsync on.</summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private readonly string _binaries;
    private readonly string _directory;
    private readonly string _settings;

    private PostgresCluster(string binaries, string directory, string settings)
    {
        _binaries = binaries;
        _directory = directory;
        _settings = settings;
        Port = FindFreePort();
    }

    public int Port { get; }

    /// <summary>Where the programs of PostgreSQL are.</summary>
    public string Binaries => _binaries;

    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username=postgres;Database=postgres;Timeout=15";

    private string Data => Path.Combine(_directory, "data");

    /// <summary>Creates a cluster and starts its server.</summary>
    /// <param name="settings">Further settings of the server, as <c>-c name=value</c>; they come after the usual ones and win.</param>
    /// <param name="within">The directory to put its data in; a temporary one of its own when <see langword="null"/>.</param>
    public static async Task<PostgresCluster> StartAsync(string settings = "", string? within = null)
    {
        var cluster = new PostgresCluster(FindBinaries(), await CreateDirectoryAsync(within), settings);
        await cluster.RunAsServerUserAsync(
            "initdb", ["-D", cluster.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync", "--wal-segsize=1"]);
        await cluster.StartServerAsync();
        return cluster;
    }

    /// <summary>Creates another cluster from this one's data, and starts it as a standby that streams from this one.</summary>
    public async Task<PostgresCluster> StartStandbyAsync()
    {
        var standby = new PostgresCluster(_binaries, await CreateDirectoryAsync(within: null), _settings);
        await RunAsServerUserAsync(
            "pg_basebackup", ["-h", "127.0.0.1", "-p", $"{Port}", "-U", "postgres", "-D", standby.Data, "-R", "-X", "stream", "-c", "fast", "--no-sync"]);
        await standby.StartServerAsync();
        return standby;
    }

    /// <summary>Makes a standby a server that takes writes.</summary>
    public Task PromoteAsync() => RunAsServerUserAsync("pg_ctl", ["-D", Data, "-s", "-w", "-t", "60", "promote"]);

    public Task StartServerAsync() => RunAsServerUserAsync(
        "pg_ctl",
        ["-D", Data, "-s", "-w", "-t", "60", "-l", Path.Combine(_directory, "log"), "-o",
            $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=150 -c fsync=on -c log_min_messages=fatal {_settings}",
            "start"]);

    /// <summary>Stops the server: <c>fast</c> ends its sessions, <c>immediate</c> is a crash.</summary>
    public Task StopServerAsync(string mode) => RunAsServerUserAsync("pg_ctl", ["-D", Data, "-s", "-w", "-t", "60", "-m", mode, "stop"]);

    /// <summary>A crash, and the recovery from it.</summary>
    public async Task CrashAsync()
    {
        await StopServerAsync("immediate");
        await StartServerAsync();
    }

    /// <summary>Whether there is a server process; it may still be starting, or recovering.</summary>
    public async Task<bool> IsRunningAsync()
        => await RunAsServerUserAsync("pg_ctl", ["-D", Data, "status"], mayFail: true) == 0;

    /// <summary>Sends a signal, such as <c>STOP</c>, to one process of the server.</summary>
    public static Task SignalAsync(int process, string signal) => RunAsync("kill", [$"-{signal}", $"{process}"]);

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
            await RunAsServerUserAsync("pg_ctl", ["-D", Data, "-s", "-w", "-t", "60", "-m", "immediate", "stop"], mayFail: true);
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<string> CreateDirectoryAsync(string? within)
    {
        string directory = within is null
            ? Directory.CreateTempSubdirectory("reliable-postgres-").FullName
            : Directory.CreateDirectory(Path.Combine(within, "cluster")).FullName;
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
            await RunAsync("chown", [UnprivilegedUser(), directory]);
        return directory;
    }

    private static string FindBinaries()
    {
        string name = OperatingSystem.IsWindows() ? "initdb.exe" : "initdb";
        IEnumerable<string> path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(static d => int.TryParse(Path.GetFileName(d), out int version) ? version : 0)
                .Select(static d => Path.Combine(d, "bin"))
            : [];
        string found = path.Concat(installed).FirstOrDefault(d => File.Exists(Path.Combine(d, name))) ?? throw new InvalidOperationException(
            "These tests need PostgreSQL: put 'initdb' and 'pg_ctl' on the PATH, "
            + "or name a server in RELIABLE_TEST_POSTGRES by a connection string of an administrator.");

        // What is on the path may be links; the other programs are where they lead.
        return Path.GetDirectoryName(File.ResolveLinkTarget(Path.Combine(found, name), returnFinalTarget: true)?.FullName) ?? found;
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

    private Task<int> RunAsServerUserAsync(string program, IReadOnlyList<string> arguments, bool mayFail = false)
    {
        string file = Path.Combine(_binaries, program);
        return Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows()
            ? RunAsync("runuser", ["-u", UnprivilegedUser(), "--", file, .. arguments], mayFail)
            : RunAsync(file, arguments, mayFail);
    }

    private static async Task<int> RunAsync(string file, IEnumerable<string> arguments, bool mayFail = false)
    {
        var start = new ProcessStartInfo(file, arguments) { WorkingDirectory = Path.GetTempPath(), RedirectStandardOutput = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"'{file}' could not be started.");
        await process.WaitForExitAsync();
        if (process.ExitCode != 0 && !mayFail)
            throw new InvalidOperationException($"'{file} {string.Join(' ', start.ArgumentList)}' ended with exit code {process.ExitCode}.");
        return process.ExitCode;
    }
}
