using Npgsql;
using Reliable.Servers;

namespace Reliable.Faults;

/// <summary>Somebody else's transaction holds a row.</summary>
public sealed class LockTests(PostgresServer server)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Load_WhenOneRowIsHeld_CountsAllOthersMeanwhileAndThatOneAfterwards(bool isMapped)
    {
        await using FaultHarness faults = await FaultHarness.StartAsync(
            await server.CreateDatabaseAsync(), new FaultSetup { IsMapped = isMapped, Users = 64, CommandTimeout = TimeSpan.FromSeconds(1) });
        NpgsqlConnection holder = await faults.Tables.OpenAsync();
        await using var command = new NpgsqlCommand(
            isMapped
                ? $"BEGIN; UPDATE public.\"User\" SET \"updatedAt\" = now() WHERE id = '{faults.User}'"
                : $"BEGIN; UPDATE reliable.usage SET updated_at = now() WHERE user_id = '{faults.User}'",
            holder);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await Eventually.Ends(Task.WhenAll(faults.Tables.Users.Select(faults.ChargeAsync)));
        await Eventually.IsTrue(async () => (await faults.Tables.ReadAsync()).Counters.Values.Sum() == 63, "all others are counted");
        await Eventually.Ends(Task.WhenAll(faults.Tables.Users.Select(faults.ChargeAsync)));
        await Eventually.IsTrue(async () => (await faults.Tables.ReadAsync()).Counters.Values.Sum() == 126, "all others are counted again");
        Assert.Equal(2, faults.Runtime.Statistics.PendingCharges);
        await holder.DisposeAsync();

        await faults.VerifyAsync(counted: 128);
    }

    [Fact]
    public async Task Load_WhenChatsOfLockedUsersAreInserted_KeepsNobodyWaiting()
    {
        await using FaultHarness faults = await FaultHarness.StartAsync(await server.CreateDatabaseAsync(), new FaultSetup { IsMapped = true });
        await faults.Tables.ExecuteAsync("CREATE TABLE chat (id serial PRIMARY KEY, user_id uuid NOT NULL REFERENCES public.\"User\" (id))");
        await using NpgsqlConnection chats = await faults.Tables.OpenAsync();
        await using var command = new NpgsqlCommand($"BEGIN; INSERT INTO chat (user_id) VALUES ('{faults.User}')", chats);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        // The foreign key holds the user's row; a commit does not need more than that leaves.
        await faults.ChargeAsync();
        Assert.Equal(0, faults.Runtime.Statistics.JournaledCharges);

        await faults.VerifyAsync(counted: 1);
    }
}
