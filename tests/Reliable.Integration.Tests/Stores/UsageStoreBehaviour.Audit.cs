using Reliable.Usage;

namespace Reliable.Stores;

public abstract partial class UsageStoreBehaviour
{
    [Fact]
    public async Task Audit_WhenNothingIsWrong_FindsNothing()
    {
        IUsageStore store = await OpenLedgerAsync();
        DateOnly today = await TodayAsync(store);
        string[] users = await NewUsersAsync(5);
        Charge refunded = Charges.New(users[0]);
        await store.SettleAsync(UsageTerms.Default, Charges.New(users[0], amount: 4), refunded, Charges.New(users[1]));
        await store.RefundAsync(refunded);
        await store.RefundAsync(Charges.New(users[1]));

        // Counted on an earlier day and not since; counted late; never counted at all.
        await Harness.SetCounterAsync(users[2], 777, today.AddDays(-1));
        await store.SettleAsync(Charges.New(users[3]));
        await store.SettleAsync(Charges.New(users[3], amount: 5), UsageTerms.Default with { Day = today.AddDays(-1) });

        UsageAuditReport report = await store.AuditAsync(users);

        Assert.Equal([], report.Findings);
        Assert.True(report.IsComplete);
        Assert.Equal(today, report.Day);
        Assert.Equal(users.Length, report.Counters);
        Assert.Equal(6, report.Charges);
        Assert.Empty((await store.RepairAsync(users)).Changes);
    }

    [Fact]
    public async Task Audit_WhenCounterWasChanged_FindsItUntilItIsRepaired()
    {
        IUsageStore store = await OpenLedgerAsync();
        SkipWithoutDays();
        (string user, string bystander) = (await NewUserAsync(), await NewUserAsync());
        await store.SettleAsync(UsageTerms.Default, Charges.New(user, amount: 2), Charges.New(user), Charges.New(bystander));
        await Harness.SetCounterAsync(user, 7, await TodayAsync(store));
        var expected = new UsageChange(UsageFindingKinds.CounterDiffers, user, Charges.Counter, UsageFindingSubject.Used, "7", "3");

        UsageAuditReport found = await store.AuditAsync(user, bystander);
        UsageRepairReport preview = await store.PreviewAsync(user, bystander);
        long afterPreview = (await store.ReadAsync(user)).Used;
        UsageRepairReport repair = await store.RepairAsync(user, bystander);

        Assert.Equal(
            [new UsageFinding(UsageFindingKinds.CounterDiffers, user, Charges.Counter, UsageFindingSubject.Used, "7", "3")], found.Findings);
        Assert.Equal((7, true), (afterPreview, preview.IsPreview));
        Assert.Equal([expected], preview.Changes);
        Assert.Equal([expected], repair.Changes);
        Assert.False(repair.IsPreview);
        Assert.Equal(3, (await store.ReadAsync(user)).Used);
        await AssertSoundAsync(store, user, bystander);
    }

    [Fact]
    public async Task Audit_WhenCounterMissedTheDay_FindsItUntilItIsRepaired()
    {
        IUsageStore store = await OpenLedgerAsync();
        SkipWithoutDays();
        DateOnly today = await TodayAsync(store);
        string user = await NewUserAsync();
        await Harness.SetCounterAsync(user, 777, today.AddDays(-1));
        await Harness.AddChargeAsync(Charges.New(user, amount: 2), today);

        UsageFinding finding = Assert.Single((await store.AuditAsync(user)).Findings);
        UsageRepairReport preview = await store.PreviewAsync(user);
        UsageRepairReport repair = await store.RepairAsync(user);

        Assert.Equal((UsageFindingKinds.CounterDiffers, "0", "2"), (finding.Kind, finding.Found, finding.Expected));
        Assert.Equal(preview.Changes, repair.Changes);
        Assert.Equal([UsageFindingSubject.Used, UsageFindingSubject.Day], repair.Changes.Select(static c => c.Subject));
        Assert.Equal(3, (await store.SettleAsync(Charges.New(user))).Used);
        await AssertSoundAsync(store, user);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public async Task Audit_WhenCounterIsAhead_FindsItUntilItIsRepaired(int days)
    {
        IUsageStore store = await OpenLedgerAsync();
        SkipWithoutDays();
        DateOnly today = await TodayAsync(store);
        string user = await NewUserAsync();
        await store.SettleAsync(UsageTerms.Default, Charges.New(2, _ => user));
        await Harness.SetCounterAsync(user, 9, today.AddDays(days));

        // While it is one day ahead, charges count on its day; further ahead is taken for a mistake and reset, which loses those before.
        if (days == 1)
            await store.SettleAsync(Charges.New(user));
        UsageFinding[] findings = [.. (await store.AuditAsync(user)).Findings];
        UsageRepairReport preview = await store.PreviewAsync(user);
        UsageRepairReport repair = await store.RepairAsync(user);

        Assert.All(findings, static f => Assert.Equal(UsageFindingKinds.WrongDay, f.Kind));
        Assert.Contains(findings, f => f.Subject == UsageFindingSubject.Day && f.Expected == $"{today:yyyy-MM-dd}");
        Assert.Equal(preview.Changes, repair.Changes);
        int counted = days == 1 ? 3 : 2;
        Assert.Equal(counted, await Harness.SumLedgerAsync(user, today));
        Assert.Equal(counted + 1, (await store.SettleAsync(Charges.New(user))).Used);
        await AssertSoundAsync(store, user);
    }

    [Fact]
    public async Task Audit_WhenChargeIsAhead_FindsItUntilItIsRepaired()
    {
        IUsageStore store = await OpenLedgerAsync();
        DateOnly today = await TodayAsync(store);
        string user = await NewUserAsync();
        Charge early = Charges.New(user);
        await store.SettleAsync(Charges.New(user));
        await Harness.AddChargeAsync(early, today.AddDays(9));
        await Harness.SetCounterAsync(user, 2, today);

        UsageFinding finding = Assert.Single((await store.AuditAsync(user)).Findings);
        UsageRepairReport preview = await store.PreviewAsync(user);
        UsageRepairReport repair = await store.RepairAsync(user);

        Assert.Equal((UsageFindingKinds.WrongDay, UsageFindingSubject.Charge), (finding.Kind, finding.Subject));
        Assert.Equal(early.TransactionId, finding.TransactionId);
        Assert.Equal(preview.Changes, repair.Changes);
        Assert.Equal((early.TransactionId, $"{today:yyyy-MM-dd}"), Assert.Single(repair.Changes.Select(static c => (c.TransactionId, c.To))));
        Assert.Equal(2, await Harness.SumLedgerAsync(user, today));
        await AssertSoundAsync(store, user);
    }

    [Fact]
    public async Task Audit_WhenAnswersHadLeftAboveTheLimit_FindsOnlyThat()
    {
        IUsageStore store = await OpenLedgerAsync();
        string user = await NewUserAsync();
        var terms = new UsageTerms(2, "UTC");
        await store.SettleAsync(terms with { EnforceLimit = false }, Charges.New(3, _ => user));

        UsageAuditReport report = await store.AuditAsync(new UsageAuditOptions { Users = [user] }, terms);

        Assert.Equal(
            [new UsageFinding(UsageFindingKinds.AboveLimit, user, Charges.Counter, UsageFindingSubject.Used, "3", "at most 2")], report.Findings);
        Assert.Empty((await store.RepairAsync(user)).Changes);
        Assert.Equal(3, (await store.ReadAsync(user)).Used);
    }

    [Fact]
    public async Task Audit_WhenUserIsGone_FindsTheCharges()
    {
        IUsageStore store = await OpenLedgerAsync();
        DateOnly today = await TodayAsync(store);
        string user = await NewUserAsync();
        await store.SettleAsync(UsageTerms.Default, Charges.New(user, amount: 2), Charges.New(user));
        await Harness.DeleteUserAsync(user);
        var asked = new UsageRepairOptions { Users = [user], Kinds = UsageFindingKinds.Orphaned };

        UsageAuditReport found = await store.AuditAsync(user);
        UsageRepairReport unasked = await store.RepairAsync(user);
        UsageRepairReport preview = await store.PreviewAsync(asked);
        long afterPreview = await Harness.SumLedgerAsync(user, today);
        UsageRepairReport repair = await store.RepairAsync(asked);

        Assert.Equal(
            [new UsageFinding(UsageFindingKinds.Orphaned, user, Charges.Counter, UsageFindingSubject.Charge, "2 charges of 3 in all", "a user who exists")],
            found.Findings);
        Assert.Empty(unasked.Changes);
        Assert.Equal(3, afterPreview);
        Assert.Equal(preview.Changes, repair.Changes);
        Assert.Equal("deleted", Assert.Single(repair.Changes).To);
        Assert.Equal(0, await Harness.SumLedgerAsync(user, today));
        Assert.Empty((await store.AuditAsync(user)).Findings);
    }

    [Fact]
    public async Task Audit_WhenLimited_LooksAtWhatWasAskedFor()
    {
        IUsageStore store = await OpenLedgerAsync();
        SkipWithoutDays();
        DateOnly today = await TodayAsync(store);
        string[] users = await NewUsersAsync(4);
        foreach (string user in users)
            await Harness.SetCounterAsync(user, 5, today);

        UsageAuditReport two = await store.AuditAsync(new UsageAuditOptions { Users = users, MaxFindings = 2 });
        UsageAuditReport all = await store.AuditAsync(new UsageAuditOptions { Users = users, MaxFindings = 4, Counter = Charges.Counter });
        UsageAuditReport one = await store.AuditAsync(users[2]);
        UsageAuditReport others = await store.AuditAsync(new UsageAuditOptions { Users = users, Kinds = UsageFindingKinds.All & ~UsageFindingKinds.CounterDiffers });
        UsageRepairReport repair = await store.RepairAsync(new UsageRepairOptions { Users = users, MaxFindings = 3 });

        Assert.Equal((2, false), (two.Findings.Count, two.IsComplete));
        Assert.Equal((4, true), (all.Findings.Count, all.IsComplete));
        Assert.Equal(users[2], Assert.Single(one.Findings).UserId);
        Assert.Empty(others.Findings);
        Assert.False(repair.IsComplete);
        Assert.NotEmpty((await store.AuditAsync(users)).Findings);
        Assert.True((await store.RepairAsync(users)).IsComplete);
        await AssertSoundAsync(store, users);
    }

    // By the harness' own query, which knows nothing of the library's.
    private async Task AssertSoundAsync(IUsageStore store, params string[] users)
    {
        Assert.Empty(await Harness.AuditAsync(users));
        Assert.Equal([], (await store.AuditAsync(users)).Findings);
        Assert.Empty((await store.RepairAsync(users)).Changes);
    }

    private async Task<IUsageStore> OpenLedgerAsync()
    {
        Assert.SkipUnless(Harness.HasLedger, "This store has no ledger that could be audited.");
        return await Harness.OpenAsync();
    }
}
