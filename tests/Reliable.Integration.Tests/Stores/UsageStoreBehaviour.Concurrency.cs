using System.Collections.Concurrent;
using Reliable.Usage;

namespace Reliable.Stores;

public abstract partial class UsageStoreBehaviour
{
    [Fact]
    public async Task Settle_WhenManyStoresShareUsers_NeitherLosesNorOvershoots()
    {
        const int Stores = 6, Limit = 40;
        var terms = new UsageTerms(Limit, "UTC");
        string[] users = await NewUsersAsync(5);
        Charge[] charges = Charges.New(400, i => users[i % users.Length]);
        var answers = new ConcurrentDictionary<Guid, ConcurrentBag<ChargeOutcome>>();
        var random = new Random(7);

        // Every charge is sent three times, in three different batches.
        List<Charge[]> batches = [];
        for (int round = 0; round < 3; round++)
        {
            random.Shuffle(charges);
            batches.AddRange(charges.Chunk(20));
        }

        await Parallel.ForEachAsync(Enumerable.Range(0, Stores), TestContext.Current.CancellationToken, async (i, _) =>
        {
            IUsageStore store = await Harness.OpenAsync(terms);
            foreach (Charge[] batch in batches.Where((_, k) => k % Stores == i))
            {
                ChargeResult[] results = await store.SettleAsync(terms, batch);
                for (int k = 0; k < batch.Length; k++)
                    answers.GetOrAdd(batch[k].TransactionId, static _ => []).Add(results[k].Outcome);
            }
        });

        IUsageStore reader = await Harness.OpenAsync(terms);
        foreach (string user in users)
            Assert.Equal(Limit, (await reader.ReadAsync(user, terms)).Used);
        Assert.Empty(await Harness.AuditAsync(users));
        Assert.Equal(Limit * users.Length, answers.Values.Count(static a => a.Count(static o => o == ChargeOutcome.Counted) == 1));

        // The limit is never lifted here, so a charge is either counted once and known ever after, or refused each time.
        Assert.All(answers.Values, static a => Assert.True(
            (a.Count(static o => o == ChargeOutcome.Counted) == 1 && a.Count(static o => o == ChargeOutcome.AlreadyCounted) == 2)
            || a.All(static o => o == ChargeOutcome.LimitReached), string.Join(", ", a)));
    }

    [Fact]
    public async Task Settle_WhenBatchesOverlapInAnyOrder_NeverDeadlocks()
    {
        const int Stores = 6, Batches = 12;
        string[] users = await NewUsersAsync(24);

        // Half of the users are created by the batches themselves, where the store does that.
        if (Harness.CreatesUsers)
            users = [.. users[..12], .. Enumerable.Range(0, 12).Select(_ => Harness.NewUserId())];
        await Parallel.ForEachAsync(Enumerable.Range(0, Stores), TestContext.Current.CancellationToken, async (i, _) =>
        {
            IUsageStore store = await Harness.OpenAsync();
            var random = new Random(i);
            for (int n = 0; n < Batches; n++)
            {
                string[] order = [.. users];
                random.Shuffle(order);
                await store.SettleAsync(UsageTerms.Default, Charges.New(16, k => order[k]));
            }
        });

        IUsageStore reader = await Harness.OpenAsync();
        long total = 0;
        foreach (string user in users)
            total += (await reader.ReadAsync(user)).Used;
        Assert.Equal(Stores * Batches * 16, total);
        Assert.Empty(await Harness.AuditAsync(users));
    }
}
