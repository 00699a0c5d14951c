using Reliable.Usage;

namespace Reliable.Stores;

public abstract partial class UsageStoreBehaviour
{
    [Fact]
    public async Task Refund_WhenCounted_TakesItBackOnce()
    {
        IUsageStore store = await Harness.OpenAsync();
        string user = await NewUserAsync();
        Charge charge = Charges.New(user, amount: 3);
        await store.SettleAsync(UsageTerms.Default, charge, Charges.New(user));

        RefundResult[] refunds = [await store.RefundAsync(charge), await store.RefundAsync(charge)];

        Assert.Equal([RefundResult.Refunded, RefundResult.AlreadyRefunded], refunds);
        Assert.Equal(1, (await store.ReadAsync(user)).Used);
        Assert.Equal(new ChargeResult(ChargeOutcome.Refunded, 1, null), await store.SettleAsync(charge));
        Assert.Empty(await Harness.AuditAsync([user]));
    }

    [Fact]
    public async Task Refund_WhenNotCountedYet_BlocksTheLateCharge()
    {
        IUsageStore store = await Harness.OpenAsync();
        string user = await NewUserAsync();
        Charge charge = Charges.New(user);

        RefundResult[] refunds = [await store.RefundAsync(charge), await store.RefundAsync(charge)];
        ChargeResult[] results = await store.SettleAsync(UsageTerms.Default, Charges.New(user), charge);

        Assert.Equal([RefundResult.Blocked, RefundResult.AlreadyRefunded], refunds);
        Assert.Equal([new(ChargeOutcome.Counted, 1, null), new ChargeResult(ChargeOutcome.Refunded, 1, null)], results);
        Assert.Equal(RefundResult.AlreadyRefunded, await store.RefundAsync(charge));
        Assert.Empty(await Harness.AuditAsync([user]));
    }

    [Fact]
    public async Task Refund_WhenLimitWasReached_MakesRoom()
    {
        IUsageStore store = await Harness.OpenAsync();
        string user = await NewUserAsync();
        Charge[] charges = Charges.New(6, _ => user);
        await store.SettleAsync(s_limitFive, charges);

        await store.RefundAsync(charges[0]);
        ChargeResult[] results = await store.SettleAsync(s_limitFive, charges[5], Charges.New(user));

        Assert.Equal([ChargeOutcome.Counted, ChargeOutcome.LimitReached], results.Outcomes());
        Assert.Equal(5, (await store.ReadAsync(user)).Used);
    }

    [Fact]
    public async Task Refund_WhenIdIsOfAnotherUsersCharge_ChangesNothing()
    {
        IUsageStore store = await Harness.OpenAsync();
        string user = await NewUserAsync();
        string other = await NewUserAsync();
        Charge charge = Charges.New(user);
        await store.SettleAsync(UsageTerms.Default, charge, Charges.New(other));

        await store.RefundAsync(charge with { UserId = other });

        Assert.Equal((1, 1), ((await store.ReadAsync(user)).Used, (await store.ReadAsync(other)).Used));
        Assert.Empty(await Harness.AuditAsync([user, other]));
    }

    [Fact]
    public async Task Refund_WhenSomebodyResetTheCounter_NeverGoesBelowZero()
    {
        Assert.SkipUnless(Harness.CanSetCounters, "Counters cannot be set from outside here.");
        IUsageStore store = await Harness.OpenAsync();
        string user = await NewUserAsync();
        Charge charge = Charges.New(user, amount: 3);
        await store.SettleAsync(charge);
        await Harness.SetCounterAsync(user, 1, (await store.ReadAsync(user)).Day);

        RefundResult refund = await store.RefundAsync(charge);

        Assert.Equal(RefundResult.Refunded, refund);
        Assert.Equal(0, (await store.ReadAsync(user)).Used);
    }

    [Fact]
    public async Task Refund_WhenRacingWithCommits_LeavesCounterAndLedgerEqual()
    {
        const int Stores = 4;
        string[] users = await NewUsersAsync(6);
        Charge[] charges = Charges.New(240, i => users[i % users.Length]);
        Charge[] refunded = [.. charges.Where(static (_, i) => i % 4 < 2)];
        var random = new Random(20_250_601);

        // Each charge comes in two batches and each refund twice, all shuffled over the stores.
        List<Func<IUsageStore, Task>> work = [.. refunded.Concat(refunded).Select(static Func<IUsageStore, Task> (c) => store => store.RefundAsync(c))];
        for (int round = 0; round < 2; round++)
        {
            random.Shuffle(charges);
            work.AddRange(charges.Chunk(16).Select(static Func<IUsageStore, Task> (batch) => store => store.SettleAsync(UsageTerms.Default, batch)));
        }

        Func<IUsageStore, Task>[] shuffled = [.. work];
        random.Shuffle(shuffled);
        var running = new Task[Stores];
        for (int i = 0; i < Stores; i++)
            running[i] = RunAsync(await Harness.OpenAsync(), shuffled.Where((_, k) => k % Stores == i).ToArray());
        List<string> findings = [];
        while (!running.All(static t => t.IsCompleted))
            findings.AddRange(await Harness.AuditAsync(users));
        await Task.WhenAll(running);

        IUsageStore store = await Harness.OpenAsync();
        Assert.Empty(findings);
        Assert.Empty(await Harness.AuditAsync(users));
        foreach (string user in users)
            Assert.Equal(charges.Except(refunded).Count(c => c.UserId == user), (await store.ReadAsync(user)).Used);
    }

    private static Task RunAsync(IUsageStore store, IEnumerable<Func<IUsageStore, Task>> work) => Task.Run(async () =>
    {
        foreach (Func<IUsageStore, Task> step in work)
            await step(store);
    });
}
