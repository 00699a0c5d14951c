using Reliable.Servers;

namespace Reliable.Faults;

/// <summary>A server that takes requests and says nothing, or does not even get them.</summary>
public sealed class SilenceTests(PostgresServer server)
{
    public static TheoryData<bool, bool, CommitMode, JournalMode> Silences => new()
    {
        { true, false, CommitMode.Awaited, JournalMode.ProcessCrash },
        { false, true, CommitMode.Awaited, JournalMode.ProcessCrash },
        { true, true, CommitMode.Awaited, JournalMode.PowerLoss },
        { false, true, CommitMode.Awaited, JournalMode.None },
        { true, false, CommitMode.Deferred, JournalMode.ProcessCrash },
        { false, true, CommitMode.Deferred, JournalMode.PowerLoss },
    };

    [Theory]
    [MemberData(nameof(Silences))]
    public async Task Commit_WhenServerIsSilent_LetsTheAnswerGoAndCountsItLater(bool isMapped, bool holdsReplies, CommitMode mode, JournalMode journal)
    {
        await using FaultHarness faults = await StartAsync(
            new FaultSetup { IsMapped = isMapped, Commit = mode, Journal = journal, CommitTimeout = TimeSpan.FromMilliseconds(200) });
        await faults.ChargeAsync();
        await faults.SettleAsync();

        Hold(faults, holdsReplies);
        await Eventually.Ends(Task.WhenAll(faults.Tables.Users.Select(faults.ChargeAsync)));
        Assert.Equal(journal == JournalMode.None ? 0 : faults.Tables.Users.Count, faults.Runtime.Statistics.JournaledCharges);
        faults.Proxy.Release();

        await faults.VerifyAsync(counted: 1 + faults.Tables.Users.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Commit_WhenServerIsSilentForLongerThanACommandMayTake_CountsOnce(bool holdsReplies)
    {
        await using FaultHarness faults = await StartAsync(new FaultSetup
        {
            IsMapped = true,
            CommitTimeout = TimeSpan.FromMilliseconds(200),
            CommandTimeout = TimeSpan.FromSeconds(1),
        });
        await faults.ChargeAsync();

        Hold(faults, holdsReplies);
        await faults.ChargeAsync();
        await Task.Delay(2_500, TestContext.Current.CancellationToken);
        await faults.ChargeAsync();
        faults.Proxy.Release();

        await faults.VerifyAsync(counted: 3);
    }

    [Fact]
    public async Task Commit_WhenItWaitsPastItsExpiry_IsCountedAllTheSame()
    {
        await using FaultHarness faults = await StartAsync(new FaultSetup
        {
            IsMapped = true,
            CommitTimeout = TimeSpan.FromSeconds(20),
            TransactionTimeout = TimeSpan.FromSeconds(1),
            CleanupInterval = TimeSpan.FromSeconds(1),
        });
        UsageTransaction waits = await faults.Runtime.Usage.BeginAsync(faults.User, TestContext.Current.CancellationToken);
        UsageTransaction expires = await faults.Runtime.Usage.BeginAsync(faults.User, TestContext.Current.CancellationToken);

        faults.Proxy.HoldRequests();
        Task<TransactionOutcome> committing = waits.CommitAsync(TestContext.Current.CancellationToken).AsTask();
        await Task.Delay(2_500, TestContext.Current.CancellationToken);
        Assert.False(committing.IsCompleted);
        faults.Proxy.Release();

        Assert.Equal(TransactionOutcome.Committed, await committing);
        faults.Oracle.Tell(waits.Id, faults.User, ToldOutcome.Counted);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await expires.CommitAsync(TestContext.Current.CancellationToken));
        faults.Oracle.Tell(expires.Id, faults.User, ToldOutcome.NotCounted);
        await faults.VerifyAsync(counted: 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Dispose_WhenServerIsSilent_LeavesChargesToTheNextStart(bool holdsReplies)
    {
        await using FaultHarness faults = await StartAsync(new FaultSetup { IsMapped = true, CommitTimeout = TimeSpan.FromMilliseconds(200) });

        Hold(faults, holdsReplies);
        await Task.WhenAll(faults.Tables.Users.Select(faults.ChargeAsync));
        await faults.Runtime.DisposeAsync();
        faults.Proxy.Release();
        faults.Proxy.CutAll();

        await faults.RestartAsync();
        await faults.VerifyAsync(counted: faults.Tables.Users.Count);
    }

    private static void Hold(FaultHarness faults, bool replies)
    {
        if (replies)
            faults.Proxy.HoldReplies();
        else
            faults.Proxy.HoldRequests();
    }

    private async Task<FaultHarness> StartAsync(FaultSetup setup)
        => await FaultHarness.StartAsync(await server.CreateDatabaseAsync(), setup);
}
