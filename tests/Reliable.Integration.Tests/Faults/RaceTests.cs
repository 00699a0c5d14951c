using System.Collections.Concurrent;
using Npgsql;
using Reliable.Postgres;
using Reliable.Servers;
using Reliable.Usage;

namespace Reliable.Faults;

/// <summary>Several stores at once, as several processes would be: the same charges again and again, taken back, at the edge of limits.</summary>
public sealed class RaceTests(PostgresServer server)
{
    private const int Stores = 8;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Settle_WhenChargesComeThreeTimesAtTheEdgeOfTheLimit_CountsEachOnceAndNoMore(bool isMapped)
    {
        await using FaultTables tables = await CreateAsync(isMapped, users: 5, limit: 100);
        Charge[] charges = [.. Enumerable.Range(0, 1_000).Select(i => New(tables.Users[i % 5]))];
        var counted = new ConcurrentDictionary<Guid, int>();
        var interrupted = new ConcurrentDictionary<Guid, int>();
        var known = new ConcurrentDictionary<Guid, int>();

        await RunAsync(tables, Shuffle([.. charges, .. charges, .. charges], seed: 1), async (store, batch) =>
        {
            var results = new ChargeResult[batch.Length];
            try
            {
                await store.SettleAsync(batch, results, UsageTerms.Default, CancellationToken.None);
            }
            catch (PostgresException)
            {
                // A part of it may be counted: when it is sent again, that is known.
                foreach (Charge charge in batch)
                    interrupted[charge.TransactionId] = 1;
                throw;
            }

            for (int i = 0; i < batch.Length; i++)
            {
                if (results[i].Outcome == ChargeOutcome.Counted)
                    counted.AddOrUpdate(batch[i].TransactionId, 1, static (_, n) => n + 1);
                else if (results[i].Outcome == ChargeOutcome.AlreadyCounted)
                    known[batch[i].TransactionId] = 1;
            }
        });

        var oracle = new ExactlyOnceOracle();
        foreach (Charge charge in charges)
        {
            bool isCounted = counted.ContainsKey(charge.TransactionId) || known.ContainsKey(charge.TransactionId);
            oracle.Tell(charge.TransactionId, charge.UserId, isCounted ? ToldOutcome.Counted : ToldOutcome.NotCounted);
        }

        OracleReport report = oracle.Judge(await tables.ReadAsync(), limit: 100);
        Assert.True(report.IsClean, report.ToString());
        Assert.Equal(500, counted.Keys.Union(known.Keys).Count());
        Assert.All(counted.Values, static times => Assert.Equal(1, times));
        Assert.Empty(known.Keys.Except(counted.Keys).Except(interrupted.Keys));
        Assert.Empty(await tables.AuditAsync(limit: 100));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refund_WhenItRacesWithItsCommit_IsFinalAndCountersAreRightAtEveryLook(bool isMapped)
    {
        await using FaultTables tables = await CreateAsync(isMapped, users: 8);
        Charge[] charges = [.. Enumerable.Range(0, 600).Select(i => New(tables.Users[i % 8]))];
        (Charge Charge, bool IsRefund)[] work = [
            .. charges.SelectMany(static c => new[] { (c, false), (c, false) }),
            .. charges.Take(300).SelectMany(static c => new[] { (c, true), (c, true), (c, true) })];
        var watch = new AuditWatch(tables, limit: null);
        using var stop = new CancellationTokenSource();
        var refunds = new ConcurrentDictionary<Guid, int>();
        Task watching = Task.Run(() => watch.RunAsync(stop.Token), TestContext.Current.CancellationToken);

        await RunAsync(tables, Shuffle(work, seed: 2), async (store, batch) =>
        {
            Charge[] settled = [.. batch.Where(static w => !w.IsRefund).Select(static w => w.Charge).DistinctBy(static c => c.TransactionId)];
            if (settled.Length > 0)
                await store.SettleAsync(settled, new ChargeResult[settled.Length], UsageTerms.Default, CancellationToken.None);
            foreach ((Charge charge, _) in batch.Where(static w => w.IsRefund))
            {
                if (await store.RefundAsync(charge, UsageTerms.Default, CancellationToken.None) is RefundResult.Refunded or RefundResult.Blocked)
                    refunds.AddOrUpdate(charge.TransactionId, 1, static (_, n) => n + 1);
            }
        });
        await stop.CancelAsync();
        await watching;

        var oracle = new ExactlyOnceOracle();
        for (int i = 0; i < charges.Length; i++)
            oracle.Tell(charges[i].TransactionId, charges[i].UserId, i < 300 ? ToldOutcome.NotCounted : ToldOutcome.Counted);
        OracleReport report = oracle.Judge(await tables.ReadAsync());
        Assert.True(report.IsClean, report.ToString());
        Assert.Equal(300, refunds.Count);
        Assert.All(refunds.Values, static times => Assert.Equal(1, times));
        Assert.True(watch.Looks > 0);
        Assert.Empty(watch.Findings);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Settle_WhenBatchesOverlapInEveryOrder_NeverDeadlocks(bool isMapped)
    {
        await using FaultTables tables = await CreateAsync(isMapped, users: 64);
        var random = new Random(3);
        Charge[] charges = [.. Enumerable.Range(0, 8_000).Select(_ => New(tables.Users[random.Next(64)]))];

        // A deadlock would end the run: nothing is tried twice after one.
        await RunAsync(tables, charges, static async (store, batch)
            => await store.SettleAsync(batch, new ChargeResult[batch.Length], UsageTerms.Default, CancellationToken.None));

        Assert.Equal(8_000, (await tables.ReadAsync()).Counters.Values.Sum());
        Assert.Empty(await tables.AuditAsync());
    }

    private static Charge New(string user) => new(Guid.CreateVersion7(), user, "requests", 1);

    private static T[] Shuffle<T>(T[] items, int seed)
    {
        new Random(seed).Shuffle(items);
        return items;
    }

    // Batches of distinct charges, one at a time in each store.
    private static async Task RunAsync<T>(FaultTables tables, T[] work, Func<PostgresUsageStore, T[], Task> send)
    {
        var queue = new ConcurrentQueue<T[]>(work.Chunk(32).Select(static chunk => chunk.Distinct().ToArray()));
        await Task.WhenAll(Enumerable.Range(0, Stores).Select(_ => Task.Run(async () =>
        {
            await using var store = new PostgresUsageStore(tables.ConnectionString, tables.CreateOptions());
            await store.InitializeAsync(UsageTerms.Default, CancellationToken.None);
            while (queue.TryDequeue(out T[]? batch))
                await SendAsync(store, batch, send);
        })));
    }

    // On a busy machine the queue for a row may be longer than a store waits in it: that is no deadlock.
    private static async Task SendAsync<T>(PostgresUsageStore store, T[] batch, Func<PostgresUsageStore, T[], Task> send)
    {
        while (true)
        {
            try
            {
                await send(store, batch);
                return;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task<FaultTables> CreateAsync(bool isMapped, int users, long? limit = null)
        => await FaultTables.CreateAsync(await server.CreateDatabaseAsync(), isMapped, users, limit);
}
