using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Reliable.CommitLoad.Load;
using Reliable.Servers;

namespace Reliable.CommitLoad.Contenders;

/// <summary>
/// PostgreSQL's own load generator with the plain contender's statement, prepared, over as many connections: what the server can do with one UPDATE per request, whatever the
/// client is written in.
/// </summary>
internal sealed class Pgbench(PostgresCluster server)
{
    private const string Table = "pgbench_usage";
    private const int MostConnections = 64;

    public const string Name = "pgbench, the same UPDATE";

    public async Task PrepareAsync(int users)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.ConnectionString);
        await HandWritten.CreateCountersAsync(source, Table, [.. Enumerable.Range(1, users).Select(static n => n.ToString(CultureInfo.InvariantCulture))]);
    }

    /// <exception cref="InvalidOperationException">pgbench failed.</exception>
    public async Task<LoadResult> RunAsync(LoadShape shape, TimeSpan turn)
    {
        string files = Directory.CreateTempSubdirectory("reliable-pgbench-").FullName;
        string script = Path.Combine(files, "update.sql");
        await File.WriteAllTextAsync(script, $"""
            \set n random(1, {shape.Users})
            UPDATE {Table} SET used = CASE WHEN day < current_date THEN 1 ELSE used + 1 END, day = current_date WHERE user_id = :n::text RETURNING used;

            """);
        int clients = Math.Min(shape.Callers, MostConnections);

        // Its clock runs while it connects, which many connections take a second for.
        int seconds = Math.Max(clients > 16 ? 3 : 1, (int)turn.TotalSeconds);
        var start = new ProcessStartInfo(Path.Combine(server.Binaries, "pgbench"),
            ["-n", "-M", "prepared", "-f", script, "-c", $"{clients}", "-j", $"{Math.Min(clients, Environment.ProcessorCount)}", "-T", $"{seconds}",
                "-l", $"--log-prefix={Path.Combine(files, "log")}", "-h", "127.0.0.1", "-p", $"{server.Port}", "-U", "postgres", "postgres"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"pgbench ended with exit code {process.ExitCode}: {await errors}");

        // Client, transaction, microseconds, and what is of no interest here.
        double[] milliseconds =
        [
            .. Directory.GetFiles(files, "log.*").SelectMany(File.ReadLines)
                .Select(static line => double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture) / 1_000).Order(),
        ];
        Directory.Delete(files, recursive: true);
        if (milliseconds.Length == 0)
            throw new InvalidOperationException($"pgbench committed nothing within {seconds} s; give it more with '--milliseconds'.");
        return new LoadResult(
            milliseconds.Length / (double)seconds, At(milliseconds, 0.50), At(milliseconds, 0.99), milliseconds[^1], Bytes: double.NaN, CpuMicroseconds: double.NaN);
    }

    private static double At(double[] sorted, double share) => sorted[(int)Math.Min(sorted.Length - 1, Math.Ceiling(sorted.Length * share) - 1)];
}
