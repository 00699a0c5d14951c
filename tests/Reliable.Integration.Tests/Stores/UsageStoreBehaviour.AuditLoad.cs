using Microsoft.Extensions.Logging.Abstractions;
using Reliable.Usage;

namespace Reliable.Stores;

public abstract partial class UsageStoreBehaviour
{
    private const int Writers = 32;

    [Fact]
    public async Task Audit_UnderFullLoad_FindsNothing()
    {
        IUsageStore auditor = await OpenLedgerAsync();
        string[] users = await NewUsersAsync(40);
        await using ReliableRuntime one = await CreateRuntimeAsync();
        await using ReliableRuntime other = await CreateRuntimeAsync();
        Task load = Task.WhenAll(Enumerable.Range(0, Writers).Select(i => Task.Run(() => CommitRefundAndExpireAsync(i % 2 == 0 ? one : other, users, new Random(i)))));

        int audits = 0;
        do
        {
            UsageAuditReport report = await auditor.AuditAsync(users);
            Assert.Equal([], report.Findings);
            Assert.Empty((await auditor.PreviewAsync(users)).Changes);
            if (audits++ % 3 == 0)
                Assert.Empty((await auditor.RepairAsync(users)).Changes);
        }
        while (!load.IsCompleted || audits < 3);

        await load;
        await AssertSoundOfAllDaysAsync(auditor, users);
    }

    [Fact]
    public async Task Repair_WhileChargesArrive_LosesNone()
    {
        IUsageStore store = await OpenLedgerAsync();
        SkipWithoutDays();
        string[] users = await NewUsersAsync(6);
        long[] counted = new long[users.Length];
        Task load = Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            IUsageStore writer = await Harness.OpenAsync();
            var random = new Random(i);
            for (int n = 0; n < 40; n++)
            {
                int[] who = [.. Enumerable.Range(0, 8).Select(_ => random.Next(users.Length))];
                foreach (ChargeResult result in await writer.SettleAsync(UsageTerms.Default, [.. who.Select(w => Charges.New(users[w]))]))
                    Assert.Equal(ChargeOutcome.Counted, result.Outcome);
                Array.ForEach(who, w => Interlocked.Increment(ref counted[w]));
            }
        }));

        DateOnly today = await TodayAsync(store);
        for (int round = 0; !load.IsCompleted; round++)
        {
            await Harness.SetCounterAsync(users[round % users.Length], 1_000_000 + round, today);
            await store.RepairAsync(users);
        }

        await load;
        await store.RepairAsync(users);
        for (int i = 0; i < users.Length; i++)
            Assert.Equal(counted[i], (await store.ReadAsync(users[i])).Used);
        await AssertSoundAsync(store, users);
    }

    private static async Task CommitRefundAndExpireAsync(ReliableRuntime runtime, string[] users, Random random)
    {
        for (int n = 0; n < 40; n++)
        {
            UsageTransaction transaction = await runtime.Usage.BeginAsync(users[random.Next(users.Length)], Charges.Counter, random.Next(1, 4));
            switch (random.Next(20))
            {
                case 0:
                    // Left to expire.
                    continue;
                case 1:
                    await transaction.RollbackAsync();
                    break;
                case <= 6:
                    await transaction.CommitAsync();
                    await transaction.RollbackAsync();
                    break;
                default:
                    await transaction.CommitAsync();
                    break;
            }
        }
    }

    private async Task<ReliableRuntime> CreateRuntimeAsync()
    {
        var options = new ReliableOptions();
        options.Rollout.Mode = RolloutMode.On;
        options.Usage.Journal = JournalMode.None;
        options.Usage.CommitTimeout = TimeSpan.FromSeconds(30);
        options.Transactions.Timeout = TimeSpan.FromSeconds(1);
        options.Transactions.CleanupInterval = TimeSpan.FromMilliseconds(200);
        IUsageStore store = await Harness.OpenAsync();
        return new ReliableRuntime(new ReliableParts(options, store, OwnsStore: false, TimeProvider.System, NullLoggerFactory.Instance));
    }

    private async Task AssertSoundOfAllDaysAsync(IUsageStore store, string[] users)
    {
        Assert.Equal([], (await store.AuditAsync(users)).Findings);
        if (Harness.ResetsDaily)
            Assert.Empty(await Harness.AuditAsync(users));
    }
}
