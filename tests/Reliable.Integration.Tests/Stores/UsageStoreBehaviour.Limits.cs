using Reliable.Usage;

namespace Reliable.Stores;

public abstract partial class UsageStoreBehaviour
{
    private static readonly UsageTerms s_limitFive = new(5, "UTC");

    [Fact]
    public async Task Settle_WhenBatchPassesLimit_CountsUpToItExactly()
    {
        IUsageStore store = await Harness.OpenAsync();
        string user = await NewUserAsync();
        Charge[] charges = Charges.New(8, _ => user);

        ChargeResult[] first = await store.SettleAsync(s_limitFive, charges);
        ChargeResult[] again = await store.SettleAsync(s_limitFive, [.. charges.Reverse(), Charges.New(user)]);

        Assert.All(first, static r => Assert.Equal((5, 5), (r.Used, r.Limit)));
        Assert.Equal([.. Enumerable.Repeat(ChargeOutcome.Counted, 5), .. Enumerable.Repeat(ChargeOutcome.LimitReached, 3)], first.Outcomes());
        Assert.Equal(
            [.. Enumerable.Repeat(ChargeOutcome.LimitReached, 3), .. Enumerable.Repeat(ChargeOutcome.AlreadyCounted, 5), ChargeOutcome.LimitReached],
            again.Outcomes());
        Assert.Equal(5, (await store.ReadAsync(user)).Used);
        Assert.Empty(await Harness.AuditAsync([user]));
    }

    [Fact]
    public async Task Settle_WhenBiggerChargeIsRefused_CountsSmallerOneBehindIt()
    {
        IUsageStore store = await Harness.OpenAsync();
        string user = await NewUserAsync();
        string other = await NewUserAsync();

        ChargeResult[] results = await store.SettleAsync(
            s_limitFive, Charges.New(user, 3), Charges.New(other, 6), Charges.New(user, 4), Charges.New(user, 2), Charges.New(other, 5), Charges.New(user, 1));

        Assert.Equal(
            [ChargeOutcome.Counted, ChargeOutcome.LimitReached, ChargeOutcome.LimitReached,
                ChargeOutcome.Counted, ChargeOutcome.Counted, ChargeOutcome.LimitReached],
            results.Outcomes());
        Assert.All(results, static r => Assert.Equal(5, r.Used));
        Assert.Empty(await Harness.AuditAsync([user, other]));
    }

    [Fact]
    public async Task Settle_WhenDuplicateStandsBeforeNewCharge_LeavesItsRoomUntouched()
    {
        IUsageStore store = await Harness.OpenAsync();
        string user = await NewUserAsync();
        Charge[] charges = [Charges.New(user, 2), Charges.New(user, 1), Charges.New(user, 2)];
        await store.SettleAsync(s_limitFive, charges[..2]);

        ChargeResult[] results = await store.SettleAsync(s_limitFive, charges);

        Assert.Equal([ChargeOutcome.AlreadyCounted, ChargeOutcome.AlreadyCounted, ChargeOutcome.Counted], results.Outcomes());
        Assert.All(results, static r => Assert.Equal(5, r.Used));
    }

    [Fact]
    public async Task Settle_WhenLimitIsNotEnforced_CountsAboveIt()
    {
        IUsageStore store = await Harness.OpenAsync();
        string user = await NewUserAsync();

        ChargeResult[] results = await store.SettleAsync(s_limitFive with { EnforceLimit = false }, [.. Charges.New(7, _ => user), Charges.New(user, 3)]);

        Assert.All(results, static r => Assert.Equal(new ChargeResult(ChargeOutcome.Counted, 10, 5), r));
        Assert.Equal(new ChargeResult(ChargeOutcome.LimitReached, 10, 5), await store.SettleAsync(Charges.New(user), s_limitFive));
    }

    [Fact]
    public async Task Settle_WhenUserHasOwnLimit_PrefersIt()
    {
        Assert.SkipUnless(Harness.HasOwnLimits, "Users have no limits of their own here.");
        IUsageStore store = await Harness.OpenAsync();
        string generous = await NewUserAsync(limit: 6);
        string blocked = await NewUserAsync(limit: 0);

        ChargeResult[] results = await store.SettleAsync(s_limitFive, [.. Charges.New(7, _ => generous), Charges.New(blocked)]);

        Assert.Equal(6, results.Count(static r => r.Outcome == ChargeOutcome.Counted));
        Assert.Equal(new ChargeResult(ChargeOutcome.LimitReached, 6, 6), results[6]);
        Assert.Equal(new ChargeResult(ChargeOutcome.LimitReached, 0, 0), results[7]);
        Assert.Equal(0, (await store.ReadAsync(blocked, s_limitFive)).Limit);
    }

    [Fact]
    public async Task SetLimit_WhenSupported_AppliesToReadsAndCharges()
    {
        Assert.SkipUnless(Harness.SetsLimits, "The limits are in a table of the application's own.");
        IUsageStore store = await Harness.OpenAsync();
        string user = Harness.NewUserId();

        await store.SetLimitAsync(user, Charges.Counter, 1, TestContext.Current.CancellationToken);
        ChargeResult[] limited = await store.SettleAsync(s_limitFive, Charges.New(2, _ => user));
        await store.SetLimitAsync(user, Charges.Counter, null, TestContext.Current.CancellationToken);

        Assert.Equal([ChargeOutcome.Counted, ChargeOutcome.LimitReached], limited.Outcomes());
        Assert.Equal((1, 5), ((await store.ReadAsync(user, s_limitFive)).Used, (await store.ReadAsync(user, s_limitFive)).Limit));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await store.SetLimitAsync(user, Charges.Counter, -1, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task SetLimit_WhenLimitsAreTheApplications_Refuses()
    {
        Assert.SkipWhen(Harness.SetsLimits, "This store sets limits.");
        IUsageStore store = await Harness.OpenAsync();

        NotSupportedException refusal = await Assert.ThrowsAsync<NotSupportedException>(
            async () => await store.SetLimitAsync(Harness.NewUserId(), Charges.Counter, 1, TestContext.Current.CancellationToken));

        Assert.Contains(Charges.Counter, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settle_WhenCountersDiffer_KeepsThemApart()
    {
        Assert.SkipUnless(Harness.CreatesUsers, "Each counter is mapped to columns here.");
        IUsageStore store = await Harness.OpenAsync();
        string user = Harness.NewUserId();

        ChargeResult[] results = await store.SettleAsync(
            s_limitFive, Charges.New(user, 5), Charges.New(user, 2) with { Counter = "tokens" }, Charges.New(user, 1));

        Assert.Equal(
            [new(ChargeOutcome.Counted, 5, 5), new(ChargeOutcome.Counted, 2, 5), new ChargeResult(ChargeOutcome.LimitReached, 5, 5)], results);
        Assert.Equal(2, (await store.ReadAsync(user, "tokens", s_limitFive, TestContext.Current.CancellationToken)).Used);
    }
}
