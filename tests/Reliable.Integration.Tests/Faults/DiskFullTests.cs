using Npgsql;
using Reliable.Servers;

namespace Reliable.Faults;

/// <summary>A server whose disk is full: it refuses, crashes, and cannot even recover until there is room again.</summary>
public sealed class DiskFullTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Load_WhenTheServersDiskIsFull_IsCountedAsCallersWereTold(bool isMapped)
    {
        using var disk = TemporaryFileSystem.MountOrSkip("110m");
        await using PostgresCluster server = await PostgresCluster.StartAsync("-c max_wal_size=8MB -c min_wal_size=2MB -c shared_buffers=8MB", disk.Path);
        await using FaultHarness faults = await FaultHarness.StartAsync(server.ConnectionString, new FaultSetup { IsMapped = isMapped, Users = 40 });

        await faults.BreakUnderLoadAsync(async () =>
        {
            disk.Fill();
            await Task.Delay(3_000);
            disk.Free();
            await Eventually.IsTrue(() => IsUpAsync(server, faults), "the server is up again");
        });

        await faults.VerifyAsync();
    }

    // A server that found no room to recover in has given up, and must be started by somebody.
    private static async Task<bool> IsUpAsync(PostgresCluster server, FaultHarness faults)
    {
        try
        {
            if (!await server.IsRunningAsync())
                await server.StartServerAsync();
            await faults.Tables.ExecuteAsync("CREATE TABLE IF NOT EXISTS probe (n int); INSERT INTO probe VALUES (1)");
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            return false;
        }
    }
}
