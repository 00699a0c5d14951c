using Reliable.Calls;
using Reliable.Infrastructure;
using Reliable.Transactions;

namespace Reliable.Usage;

public sealed class QuotaKeeperTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly FakeUsageStore _store;
    private readonly RuntimeHarness _harness;

    public QuotaKeeperTests()
    {
        _store = new FakeUsageStore(_clock);
        _harness = new RuntimeHarness(o => (o.Usage.DefaultLimit, o.Usage.Journal) = (3, JournalMode.None), _store, _clock);
    }

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    [Fact]
    public async Task Begin_WhileTheReadingIsFresh_AsksTheStoreOnce()
    {
        for (int i = 0; i < 3; i++)
        {
            await using UsageTransaction transaction = await BeginAsync();
        }

        Assert.Equal(1, _store.Readings);
        _clock.Advance(TimeSpan.FromMilliseconds(4_999));
        await (await BeginAsync()).DisposeAsync();
        Assert.Equal(1, _store.Readings);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await (await BeginAsync()).DisposeAsync();
        Assert.Equal(2, _store.Readings);
    }

    // A new object in an entry that is old has the collector look through it: with a million users that took longer than the calls.
    [Fact]
    public async Task Begin_WhenReadAgainAndNothingChanged_KeepsTheTermsOfAllUsers()
    {
        await (await BeginAsync()).DisposeAsync();
        QuotaTable table = _harness.Runtime.Bind(Policies.All()).Quotas!;
        QuotaTerms? before = table.Get("u1").Terms;

        _clock.Advance(TimeSpan.FromSeconds(6));
        await (await BeginAsync()).DisposeAsync();
        await (await _harness.Runtime.Usage.BeginAsync("u2")).DisposeAsync();

        Assert.Equal(3, _store.Readings);
        Assert.NotNull(before);
        Assert.Same(before, table.Get("u1").Terms);
        Assert.Same(before, table.Get("u2").Terms);
    }

    [Fact]
    public async Task Begin_WhenTheDayChanges_AsksAtOnceAndAllowsAgain()
    {
        _clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        for (int i = 0; i < 3; i++)
        {
            await CommitAsync();
        }

        await Assert.ThrowsAsync<UsageLimitExceededException>(async () => await BeginAsync());
        _clock.Advance(TimeSpan.FromSeconds(1));

        await CommitAsync();
        Assert.Equal(1, await _store.UsedAsync("u1"));
    }

    [Fact]
    public async Task GetUsage_WhenTheStoreFailsAfterACommit_TellsWhatIsKnown()
    {
        await CommitAsync();
        _store.Reads = static _ => Task.FromException(new InvalidOperationException("down"));

        UsageSnapshot usage = await _harness.UsageAsync();

        Assert.Equal((1, 0, 3), (usage.Used, usage.Reserved, usage.Limit!.Value));
        Assert.True(usage.Allowed);
        Assert.Contains(_harness.Log.Texts, static text => text.StartsWith("[Usage] FakeSQL cannot be read", StringComparison.Ordinal));
    }

    [Fact]
    public async Task GetUsage_WhenTheStoreIsSilentAfterACommit_TellsWhatIsKnownInTime()
    {
        await CommitAsync();
        _store.Reads = static _ => Task.Delay(Timeout.Infinite, CancellationToken.None);

        Task<UsageSnapshot> usage = _harness.UsageAsync();
        await _clock.DriveAsync(usage);

        Assert.Equal(1, (await usage).Used);
    }

    [Fact]
    public async Task GetUsage_WhenTheStoreFailsAndNothingIsKnown_Throws()
    {
        _store.Reads = static _ => Task.FromException(new InvalidOperationException("down"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => _harness.UsageAsync());
    }

    [Fact]
    public async Task Begin_WhenTheDatabaseCannotBeRead_GoesOnWithinTheDefaultLimit()
    {
        _store.Reads = static _ => Task.FromException(new InvalidOperationException("down"));

        for (int i = 0; i < 3; i++)
        {
            await BeginAsync();
        }

        await Assert.ThrowsAsync<UsageLimitExceededException>(async () => await BeginAsync());
        Assert.Contains(_harness.Log.Texts, text => text.StartsWith("[Usage] FakeSQL cannot be read; calls go on with what is known of user u1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Begin_WhenTheDriverFailsOnCancellation_GoesOnAndNothingIsThrownAtTheTimer()
    {
        await (await BeginAsync()).DisposeAsync();
        _clock.Advance(TimeSpan.FromSeconds(10));
        _store.Reads = static token =>
        {
            token.Register(static () => throw new ObjectDisposedException("connector"));
            return Task.Delay(Timeout.Infinite, CancellationToken.None);
        };

        await (await _clock.DriveAsync(BeginAsync().AsTask())).DisposeAsync();
    }

    [Fact]
    public async Task Rollback_WhenTheConnectionBreaksUnderARefund_RefundsOnce()
    {
        UsageTransaction transaction = await BeginAsync();
        await transaction.CommitAsync();
        int broken = 2;
        _store.Refunds = () => broken-- > 0 ? Task.FromException(new IOException("broken")) : Task.CompletedTask;

        TransactionOutcome outcome = await _clock.DriveAsync(transaction.RollbackAsync().AsTask());

        Assert.Equal(TransactionOutcome.Refunded, outcome);
        Assert.Equal(0, await _harness.UsedAsync());
        Assert.Equal(TransactionOutcome.AlreadyRolledBack, await transaction.RollbackAsync());
    }

    [Fact]
    public async Task Rollback_WhenTheStoreStaysAway_ThrowsAndCanBeAskedAgain()
    {
        UsageTransaction transaction = await BeginAsync();
        await transaction.CommitAsync();
        _store.Refunds = static () => Task.FromException(new IOException("broken"));
        await Assert.ThrowsAsync<IOException>(() => _clock.DriveAsync(transaction.RollbackAsync().AsTask()));
        _store.Refunds = static () => Task.CompletedTask;

        Assert.Equal(TransactionOutcome.Refunded, await transaction.RollbackAsync());
    }

    [Fact]
    public async Task Begin_WhenTheDatabaseDoesNotAnswer_WaitsNoLongerThanForACommit()
    {
        await (await BeginAsync()).DisposeAsync();
        _clock.Advance(TimeSpan.FromSeconds(10));
        _store.Reads = static token => Task.Delay(Timeout.Infinite, token);
        TimeSpan before = _clock.Elapsed;

        await (await _clock.DriveAsync(BeginAsync().AsTask())).DisposeAsync();

        Assert.InRange(_clock.Elapsed - before, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.2));
    }

    [Fact]
    public async Task Begin_WhenTheStoreDoesNotStart_GoesOnAndChargesLater()
    {
        bool isDown = true;
        _store.Initializes = () => isDown ? Task.FromException(new InvalidOperationException("down")) : Task.CompletedTask;
        _store.Reads = _ => isDown ? Task.FromException(new InvalidOperationException("down")) : Task.CompletedTask;
        UsageTransaction transaction = await _clock.DriveAsync(BeginAsync().AsTask());

        Assert.Equal(TransactionOutcome.Committed, await _clock.DriveAsync(transaction.CommitAsync().AsTask()));
        isDown = false;
        await _clock.DriveAsync(Eventually.IsTrue(() => _harness.Runtime.Statistics.PendingCharges == 0, "the charge is settled"));

        Assert.Equal(1, await _store.UsedAsync("u1"));
    }

    [Fact]
    public async Task Begin_WhenTheStoreCannotBeUsed_SaysSoToEveryCall()
    {
        _store.Initializes = static () => Task.FromException(new UsageStoreException("The table is missing."));

        await Assert.ThrowsAsync<UsageStoreException>(async () => await BeginAsync());
        await Assert.ThrowsAsync<UsageStoreException>(async () => await BeginAsync());
    }

    [Fact]
    public async Task Begin_WhenManyAskAtOnce_SharesOneReading()
    {
        var gate = new TaskCompletionSource();
        _store.Reads = _ => gate.Task;
        Task<UsageTransaction>[] begins = [.. Enumerable.Range(0, 3).Select(_ => BeginAsync().AsTask())];

        gate.SetResult();
        await Eventually.Ends(Task.WhenAll(begins));

        Assert.Equal(1, _store.Readings);
    }

    [Fact]
    public async Task Forget_OfQuotasNobodyUsed_KeepsThoseUnderWay()
    {
        UsageTransaction open = await BeginAsync();
        await (await _harness.Runtime.Usage.BeginAsync("u2")).DisposeAsync();

        while (!_harness.Runtime.Keeper.Forget(long.MaxValue, most: 1))
        {
        }

        Assert.Equal(1, _harness.Runtime.Keeper.TableOf("requests").Count);

        Assert.Equal(TransactionOutcome.Committed, await open.CommitAsync());
        await CommitAsync();
        Assert.Equal(2, await _store.UsedAsync("u1"));
    }

    private ValueTask<UsageTransaction> BeginAsync() => _harness.Runtime.Usage.BeginAsync("u1");

    private async Task CommitAsync() => await Eventually.Ends((await BeginAsync()).CommitAsync().AsTask());
}
