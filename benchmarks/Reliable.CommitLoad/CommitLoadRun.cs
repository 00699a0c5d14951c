using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Reliable.CommitLoad.Contenders;
using Reliable.CommitLoad.Load;
using Reliable.Servers;

namespace Reliable.CommitLoad;

/// <summary>Starts the server, lets the contenders take turns, and writes the report.</summary>
internal static class CommitLoadRun
{
    public static async Task<int> RunAsync(IReadOnlyList<LoadShape> shapes, int rounds, TimeSpan turn, string? only, FileInfo? output)
    {
        // Both contenders that take a connection for each caller keep theirs while pgbench takes as many.
        await using PostgresCluster server = await PostgresCluster.StartAsync("-c max_connections=400");
        string files = Directory.CreateTempSubdirectory("reliable-load-").FullName;
        var report = new StringBuilder();
        Write(report, string.Create(
            CultureInfo.InvariantCulture,
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} processors; {rounds} rounds of {turn.TotalSeconds:0.#} s\n"));
        foreach (LoadShape shape in shapes)
        {
            Write(report, await CompareAsync(
                shape, [new PlainUpdate(server.ConnectionString), new LedgerStatement(server.ConnectionString),
                    new ReliableManaged(server.ConnectionString, CommitMode.Awaited), new ReliableManaged(server.ConnectionString, CommitMode.Deferred),
                    new ReliableMapped(server.ConnectionString, CommitMode.Awaited), new ReliableMapped(server.ConnectionString, CommitMode.Deferred)],
                rounds, turn, only, new Pgbench(server)));
            Write(report, await CompareAsync(shape, [new SqliteUpdate(files), new ReliableSqlite(files)], rounds, turn, only, yardstick: null));
        }

        Directory.Delete(files, recursive: true);
        if (output is not null)
            await File.WriteAllTextAsync(output.FullName, report.ToString());
        return 0;
    }

    private static async Task<string> CompareAsync(
        LoadShape shape, IContender[] all, int rounds, TimeSpan turn, string? only, Pgbench? yardstick)
    {
        IContender[] contenders = [.. all.Where((c, i) => i == 0 || only is null || c.Name.Contains(only, StringComparison.OrdinalIgnoreCase))];
        if (contenders.Length == 1)
            return "";
        string[] users = [.. Enumerable.Range(0, shape.Users).Select(static _ => Guid.NewGuid().ToString())];
        string[] names = [.. contenders.Select(static c => c.Name)];
        var table = new LoadTable(shape, yardstick is null ? names : [.. names, Pgbench.Name]);
        try
        {
            foreach (IContender contender in contenders)
                await contender.PrepareAsync(users, shape.Callers);
            if (yardstick is not null)
                await yardstick.PrepareAsync(shape.Users);
            for (int round = 0; round < rounds; round++)
            {
                var results = new Dictionary<string, LoadResult>();
                for (int i = 0; i < contenders.Length; i++)
                {
                    IContender contender = contenders[(i + round) % contenders.Length];
                    results.Add(contender.Name, await LoadRound.RunAsync(contender, shape, users, turn));
                }

                if (yardstick is not null)
                    results.Add(Pgbench.Name, await yardstick.RunAsync(shape, turn));
                table.Add(results);
            }
        }
        finally
        {
            foreach (IContender contender in contenders)
                await contender.DisposeAsync();
        }

        return table.ToMarkdown();
    }

    private static void Write(StringBuilder report, string text)
    {
        if (text.Length == 0)
            return;
        report.Append(text).Append('\n');
        Console.WriteLine(text);
    }
}
