using Reliable.Infrastructure;

namespace Reliable.Usage;

public sealed partial class GroupCommitterTests
{
    [Fact]
    public async Task Drain_WhenTheStoreIsBack_EndsWithNothingPending()
    {
        bool isDown = true;
        _store.Settles = call => isDown ? throw new InvalidOperationException("down") : call.Apply();
        Task<CommitResult>[] commits = [.. Enumerable.Range(0, 100).Select(_ => CommitAsync(NewCharge()))];
        isDown = false;

        int left = await _clock.DriveAsync(Committer.DrainAsync(CancellationToken.None).AsTask());

        Assert.Equal(0, left);
        await Eventually.Ends(Task.WhenAll(commits));
        Assert.Equal(100, await _store.UsedAsync("u1"));
    }

    [Fact]
    public async Task Drain_WhenTheDeadlineComes_SaysHowManyAreLeft()
    {
        _store.Settles = static call => Task.Delay(Timeout.Infinite, call.Token);
        Task<CommitResult> commit = CommitAsync(NewCharge());
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(1), _clock);

        Assert.Equal(1, await _clock.DriveAsync(Committer.DrainAsync(deadline.Token).AsTask()));
        await Committer.DisposeAsync();
        await Eventually.Ends(commit);
    }

    [Fact]
    public async Task Dispose_WhileTheStoreDoesNotAnswer_LetsEverybodyGoWithTheChargesInTheJournal()
    {
        _store.Settles = static call => Task.Delay(Timeout.Infinite, call.Token);
        List<Task<CommitResult>> commits = [.. Enumerable.Range(0, 500).Select(_ => CommitAsync(NewCharge()))];

        await Committer.DisposeAsync();
        CommitResult[] results = await Eventually.Ends(Task.WhenAll(commits));

        Assert.All(results, result => Assert.Equal(CommitStatus.Deferred, result.Status));
        Assert.Equal(500, _journal.OpenCount);
    }

    [Fact]
    public async Task Dispose_WhenTheDriverFailsOnCancellation_LetsEverybodyGo()
    {
        _store.Settles = static call =>
        {
            call.Token.Register(static () => throw new ObjectDisposedException("connector"));
            return Task.Delay(Timeout.Infinite, call.Token);
        };
        Task<CommitResult> commit = CommitAsync(NewCharge());

        await Committer.DisposeAsync();

        Assert.Equal(CommitStatus.Deferred, (await Eventually.Ends(commit)).Status);
    }

    [Fact]
    public async Task Dispose_WithoutAJournal_LetsEverybodyGo()
    {
        _store.Settles = static call => Task.Delay(Timeout.Infinite, call.Token);
        Create(journal: null);
        List<Task<CommitResult>> commits = [.. Enumerable.Range(0, 100).Select(_ => CommitAsync(NewCharge()))];

        await Committer.DisposeAsync();

        await Eventually.Ends(Task.WhenAll(commits));
    }

    [Fact]
    public async Task Dispose_WhenTheJournalCannotBeWritten_LetsNobodyHang()
    {
        _store.Settles = static call => Task.Delay(Timeout.Infinite, call.Token);
        Task<CommitResult> commit = CommitAsync(NewCharge());
        _journal.Dispose();

        await Committer.DisposeAsync();

        // The charge can be kept nowhere, so that the answer may not leave either.
        await Assert.ThrowsAsync<UsageUnavailableException>(() => Eventually.Ends(commit));
        Assert.Equal((0, 0), _quota.Read());
    }

    [Fact]
    public async Task Commit_AfterDispose_EndsWithTheChargeInTheJournal()
    {
        await Committer.DisposeAsync();

        CommitResult result = await Eventually.Ends(CommitAsync(NewCharge()));

        Assert.Equal(CommitStatus.Deferred, result.Status);
        Assert.Equal(1, _journal.OpenCount);
    }

    [Fact]
    public async Task Dispose_UnderLoad_LosesNoChargeAndLetsNobodyHang()
    {
        for (int round = 0; round < 8; round++)
        {
            var store = new FakeUsageStore(_clock);
            using var directory = new TempDirectory();
            var journal = ChargeJournal.Open(directory.Path, JournalMode.ProcessCrash);
            GroupCommitter committer = Create(journal, store);
            int answered = 0;
            using var stop = new CancellationTokenSource();
            Task[] callers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    _quota.ReserveAgain(1);
                    CommitResult result = await committer.CommitAsync(NewCharge(), _quota);
                    Assert.True(result.IsCharged);
                    Interlocked.Increment(ref answered);
                }
            }))];
            await Eventually.IsTrue(() => Volatile.Read(ref answered) > 20, "calls are answered");

            await committer.DisposeAsync();
            await stop.CancelAsync();
            await Eventually.Ends(Task.WhenAll(callers));
            journal.Dispose();

            // What is in the store once the journal was replayed is what was answered.
            using var next = ChargeJournal.Open(directory.Path, JournalMode.ProcessCrash);
            foreach ((Charge charge, _) in next.TakeOver())
            {
                await store.SettleAsync(new[] { charge }, new ChargeResult[1], UsageTerms.Default, CancellationToken.None);
            }

            Assert.Equal(answered, await store.UsedAsync("u1"));
        }
    }

    [Fact]
    public async Task Commit_WhenTheStoreCannotBeStartedYet_WaitsForIt()
    {
        int starts = 0;
        NobodyLeaves();
        _start = () => ++starts < 3 ? Task.FromException(new InvalidOperationException("not up yet")) : Task.CompletedTask;

        CommitResult result = await _clock.DriveAsync(CommitAsync(NewCharge()));

        Assert.Equal(CommitStatus.Counted, result.Status);
        Assert.Single(_store.Calls);
    }

    [Fact]
    public async Task Commit_WhenTenThousandComeFromEverywhere_CountsEachOnce()
    {
        int calls = 0;
        _store.Settles = async call =>
        {
            int number = Interlocked.Increment(ref calls);
            if (number % 7 == 0)
            {
                await call.ApplyAndLoseReply();
            }

            if (number % 5 == 0)
            {
                throw new InvalidOperationException("down");
            }

            await call.Apply();
        };
        Task[] callers = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 1_250; i += 25)
            {
                await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => CommitAsync(NewCharge())));
            }
        }))];

        await _clock.DriveAsync(Task.WhenAll(callers));
        await _clock.DriveAsync(Committer.DrainAsync(CancellationToken.None).AsTask());

        Assert.Equal(10_000, await _store.UsedAsync("u1"));
        Assert.Equal((10_000, 0), _quota.Read());
        Assert.Equal(0, _journal.OpenCount);
    }
}
