using Reliable.Usage;

namespace Reliable.Stores;

/// <summary>
/// What every store must do, whatever keeps its counters. A class that derives from it says how to come by a store; the tests are the same for all.
/// </summary>
public abstract partial class UsageStoreBehaviour : IAsyncLifetime
{
    private UsageStoreHarness? _harness;

    protected UsageStoreHarness Harness => _harness ?? throw new InvalidOperationException("The test has not begun.");

    public async ValueTask InitializeAsync() => _harness = await CreateHarnessAsync();

    public async ValueTask DisposeAsync()
    {
        if (_harness is not null)
            await _harness.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<UsageStoreHarness> CreateHarnessAsync();

    [Fact]
    public async Task Dispose_WhenDoneTwice_IsDoneOnce()
    {
        IUsageStore store = await Harness.OpenAsync();

        await store.DisposeAsync();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Settle_WhenChargeIsNew_CountsIt()
    {
        IUsageStore store = await Harness.OpenAsync();
        string user = await NewUserAsync();

        ChargeResult result = await store.SettleAsync(Charges.New(user));

        Assert.Equal(new ChargeResult(ChargeOutcome.Counted, 1, null), result);
        Assert.Equal(1, (await store.ReadAsync(user)).Used);
        Assert.Empty(await Harness.AuditAsync([user]));
    }

    [Fact]
    public async Task Settle_WhenChargeComesAgain_CountsNothing()
    {
        IUsageStore store = await Harness.OpenAsync();
        IUsageStore other = await Harness.OpenAsync();
        string user = await NewUserAsync();
        Charge charge = Charges.New(user, amount: 4);
        await store.SettleAsync(charge);

        ChargeResult again = await store.SettleAsync(charge);
        ChargeResult elsewhere = (await other.SettleAsync(UsageTerms.Default, Charges.New(user, amount: 2), charge))[1];

        Assert.Equal(new ChargeResult(ChargeOutcome.AlreadyCounted, 4, null), again);
        Assert.Equal(new ChargeResult(ChargeOutcome.AlreadyCounted, 6, null), elsewhere);
        Assert.Empty(await Harness.AuditAsync([user]));
    }

    [Fact]
    public async Task Settle_WhenBatchIsFull_CountsEveryUser()
    {
        IUsageStore store = await Harness.OpenAsync();
        string[] users = await NewUsersAsync(10);
        int size = Math.Min(store.MaxBatchSize, 500);

        ChargeResult[] results = await store.SettleAsync(UsageTerms.Default, Charges.New(size, i => users[i % users.Length]));

        Assert.All(results, static r => Assert.Equal(ChargeOutcome.Counted, r.Outcome));
        for (int i = 0; i < users.Length; i++)
        {
            int expected = (size / users.Length) + (i < size % users.Length ? 1 : 0);
            Assert.Equal(expected, (await store.ReadAsync(users[i])).Used);
            Assert.Equal(expected, results[i].Used);
        }

        Assert.Empty(await Harness.AuditAsync(users));
    }

    [Fact]
    public async Task Settle_WhenAmountsDiffer_AddsThem()
    {
        IUsageStore store = await Harness.OpenAsync();
        string user = await NewUserAsync();

        ChargeResult[] results = await store.SettleAsync(UsageTerms.Default, Charges.New(user, 5), Charges.New(user, 1), Charges.New(user, 7));

        Assert.All(results, static r => Assert.Equal(new ChargeResult(ChargeOutcome.Counted, 13, null), r));
        Assert.Empty(await Harness.AuditAsync([user]));
    }

    [Fact]
    public async Task Settle_WhenUserIsUnknown_CountsOnlyTheOthers()
    {
        Assert.SkipWhen(Harness.CreatesUsers, "This store creates users on first use.");
        IUsageStore store = await Harness.OpenAsync();
        string user = await NewUserAsync();
        string[] strangers = [Harness.NewUserId(), "", "no such user", "'; DROP TABLE users; --", "\0", "\ud800", new string('x', 5_000)];

        ChargeResult[] results = await store.SettleAsync(
            new UsageTerms(50, "UTC"), [.. strangers.Select(static s => Charges.New(s)), Charges.New(user)]);

        Assert.All(results[..^1], static r => Assert.Equal(new ChargeResult(ChargeOutcome.UnknownUser, 0, 50), r));
        Assert.Equal(ChargeOutcome.Counted, results[^1].Outcome);
    }

    [Fact]
    public async Task Read_WhenUserIsUnknown_SaysSo()
    {
        IUsageStore store = await Harness.OpenAsync();

        UsageReading reading = await store.ReadAsync(Harness.NewUserId(), new UsageTerms(50, "UTC"));

        Assert.Equal(Harness.CreatesUsers, reading.Exists);
        Assert.Equal(0, reading.Used);
        Assert.Equal(50, reading.Limit);
    }

    [Fact]
    public async Task Read_WhenUserIdCannotExist_SaysSo()
    {
        Assert.SkipWhen(Harness.CreatesUsers, "This store creates users on first use.");
        IUsageStore store = await Harness.OpenAsync();

        UsageReading reading = await store.ReadAsync("no such user\0");

        Assert.False(reading.Exists);
        Assert.Equal(RefundResult.UnknownUser, await store.RefundAsync(Charges.New("no such user\0")));
        Assert.Equal(RefundResult.UnknownUser, await store.RefundAsync(Charges.New(Harness.NewUserId())));
    }

    [Fact]
    public async Task Settle_WhenUserIdIsOdd_CountsForThatUser()
    {
        Assert.SkipUnless(Harness.TakesAnyText, "User ids have another type here.");
        IUsageStore store = await Harness.OpenAsync();
        string suffix = Guid.NewGuid().ToString("N");
        string[] users = [
            $"O'Neil\"; DROP TABLE x; -- {suffix}", $"名前 🦊 {suffix}", $"a\tb\r\n{suffix}", $"{suffix} ", suffix, $"{suffix.ToUpperInvariant()}X", $"{suffix}x"];
        foreach (string user in users)
            await Harness.AddUserAsync(user, null);

        ChargeResult[] results = await store.SettleAsync(UsageTerms.Default, [.. users.Select(static u => Charges.New(u))]);

        Assert.All(results, static r => Assert.Equal(new ChargeResult(ChargeOutcome.Counted, 1, null), r));
        Assert.Empty(await Harness.AuditAsync(users));
    }

    private async Task<string> NewUserAsync(long? limit = null)
    {
        string user = Harness.NewUserId();
        await Harness.AddUserAsync(user, limit);
        return user;
    }

    private async Task<string[]> NewUsersAsync(int count, long? limit = null)
    {
        var users = new string[count];
        for (int i = 0; i < count; i++)
            users[i] = await NewUserAsync(limit);
        return users;
    }
}
