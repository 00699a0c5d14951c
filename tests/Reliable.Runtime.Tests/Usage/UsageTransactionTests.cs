using Reliable.Infrastructure;

namespace Reliable.Usage;

public sealed class UsageTransactionTests : IAsyncDisposable
{
    private readonly RuntimeHarness _harness = new(o => o.Usage.DefaultLimit = 5);

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    [Fact]
    public async Task Commit_WhenOpen_CountsOnceAndSaysSo()
    {
        UsageTransaction transaction = await BeginAsync();

        Assert.Equal(TransactionOutcome.Committed, await transaction.CommitAsync());
        Assert.Equal(TransactionOutcome.AlreadyCommitted, await transaction.CommitAsync());
        Assert.Equal(1, await _harness.UsedAsync());
    }

    [Fact]
    public async Task Rollback_WhenOpen_GivesTheReservationBackOnceAndForbidsTheCommit()
    {
        UsageTransaction transaction = await BeginAsync();
        Assert.Equal(1, (await _harness.UsageAsync()).Reserved);

        Assert.Equal(TransactionOutcome.RolledBack, await transaction.RollbackAsync());
        Assert.Equal(TransactionOutcome.AlreadyRolledBack, await transaction.RollbackAsync());
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(async () => await transaction.CommitAsync());

        Assert.Equal(
            $"Transaction '{transaction.Id}' of user 'u1' was rolled back and cannot be committed; nothing was counted. Begin a new one.", thrown.Message);
        Assert.Equal(0, await _harness.UsedAsync());
        Assert.Equal(0, (await _harness.UsageAsync()).Reserved);
    }

    [Fact]
    public async Task Rollback_AfterCommit_RefundsOnce()
    {
        UsageTransaction transaction = await BeginAsync();
        await transaction.CommitAsync();

        Assert.Equal(TransactionOutcome.Refunded, await transaction.RollbackAsync());
        Assert.Equal(TransactionOutcome.AlreadyRolledBack, await transaction.RollbackAsync());
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(async () => await transaction.CommitAsync());

        Assert.Contains("was committed and then taken back", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(0, await _harness.UsedAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Commit_AfterExpiry_FailsWithTheTimeAndCountsNothing(bool isSwept)
    {
        UsageTransaction transaction = await BeginAsync();
        _harness.Clock.Advance(TimeSpan.FromMinutes(5));
        for (int i = 0; isSwept && i < 2; i++)
        {
            _harness.Runtime.Transactions.Sweep(_harness.Runtime.NowMs);
        }

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(async () => await transaction.CommitAsync());

        Assert.Contains("expired at 2026-03-10 12:05:00Z", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(TransactionOutcome.AlreadyRolledBack, await transaction.RollbackAsync());
        Assert.Equal(0, await _harness.UsedAsync());
        Assert.Equal(0, (await _harness.UsageAsync()).Reserved);
    }

    [Fact]
    public async Task Dispose_WhenOpen_RollsBackAndOtherwiseDoesNothing()
    {
        await using (await BeginAsync())
        {
        }

        Assert.Equal(0, (await _harness.UsageAsync()).Reserved);
        await using (UsageTransaction committed = await BeginAsync())
        {
            await committed.CommitAsync();
        }

        Assert.Equal(1, await _harness.UsedAsync());
        Assert.Contains(_harness.Log.Texts, text => text.EndsWith("reason: Disposed while open)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CommitAndRollback_WhenTheyRace_LeaveTheCounterAtZeroOrOne()
    {
        for (int i = 0; i < 300; i++)
        {
            string user = $"u{i}";
            UsageTransaction transaction = await _harness.Runtime.Usage.BeginAsync(user);
            Task<TransactionOutcome> rollback = Task.Run(async () => await transaction.RollbackAsync());
            Exception? failed = await Record.ExceptionAsync(async () => await transaction.CommitAsync());
            TransactionOutcome outcome = await rollback;

            Assert.True(failed is InvalidOperationException ? outcome == TransactionOutcome.RolledBack : outcome == TransactionOutcome.Refunded);
            Assert.Equal(0, await _harness.UsedAsync(user));
            Assert.Equal(0, (await _harness.UsageAsync(user)).Reserved);
        }
    }

    [Fact]
    public async Task Begin_BeyondTheLimit_IsDeniedWithTheState()
    {
        for (int i = 0; i < 5; i++)
        {
            await BeginAsync();
        }

        var thrown = await Assert.ThrowsAsync<UsageLimitExceededException>(async () => await BeginAsync());

        Assert.Equal((0L, 5L, 0L), (thrown.Usage.Used, thrown.Usage.Reserved, thrown.Usage.Remaining));
        Assert.False(thrown.Usage.Allowed);
    }

    [Fact]
    public async Task Begin_WithWrongArguments_SaysWhich()
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await _harness.Runtime.Usage.BeginAsync(""));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _harness.Runtime.Usage.BeginAsync("u1", ""));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await _harness.Runtime.Usage.BeginAsync("u1", "requests", 0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await _harness.Runtime.Usage.SetLimitAsync("u1", -1));
    }

    [Fact]
    public async Task Properties_OfATransaction_AreThoseOfItsBegin()
    {
        UsageTransaction transaction = await _harness.Runtime.Usage.BeginAsync("u1", "images", 3);

        Assert.Matches("^txn-[0-9a-f]{32}$", transaction.Id);
        Assert.Equal(("u1", "images", 3), (transaction.UserId, transaction.Counter, transaction.Amount));
        Assert.Equal(_harness.Clock.GetUtcNow(), transaction.StartedAt);
        Assert.Equal(_harness.Clock.GetUtcNow().AddMinutes(5), transaction.ExpiresAt);
    }

    private ValueTask<UsageTransaction> BeginAsync() => _harness.Runtime.Usage.BeginAsync("u1");
}
