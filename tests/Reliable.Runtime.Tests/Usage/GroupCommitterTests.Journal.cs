using Reliable.Infrastructure;

namespace Reliable.Usage;

public sealed partial class GroupCommitterTests
{
    [Fact]
    public async Task CommitTimeout_WhenTheStoreDoesNotAnswer_LetsTheCallerGoWithTheChargeInTheJournal()
    {
        var gate = new TaskCompletionSource();
        _store.Next(call => call.ApplyAfter(gate.Task));
        Charge charge = NewCharge();
        Task<CommitResult> commit = CommitAsync(charge);
        await Eventually.IsTrue(() => _store.Calls.Count == 1, "the batch is sent");

        _clock.Advance(TimeSpan.FromMilliseconds(990));
        Assert.False(commit.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(200));

        Assert.Equal(CommitStatus.Deferred, (await Eventually.Ends(commit)).Status);
        Assert.Equal(1, _journal.OpenCount);
        Assert.Equal(1, Committer.Pending);
        Assert.Equal(0, await _store.UsedAsync("u1"));
        Assert.Equal(
            $"[Error] Transaction commit failed: {TransactionIds.Format(charge.TransactionId)} (FakeSQL did not answer within 1000 ms; the charge goes on in the background)",
            Assert.Single(_log.Of("[Error]")));
        Assert.Equal(1, _meters.Sum("reliable.transactions.commit_failures"));

        gate.SetResult();
        await Eventually.IsTrue(() => Committer.Pending == 0, "the charge is settled");
        Assert.Equal(1, await _store.UsedAsync("u1"));
        Assert.Equal((1, 0), _quota.Read());
        Assert.Equal(0, _journal.OpenCount);
        Assert.Equal(0, _journal.Length);
        Assert.Equal(1, _meters.Sum("reliable.transactions.committed"));
    }

    [Fact]
    public async Task CommitTimeout_WhenNobodyWaitedForLong_IsWatchedOverAgain()
    {
        await CommitAsync(NewCharge());
        _clock.Advance(TimeSpan.FromMinutes(1));
        await CommitAsync(NewCharge());
        var gate = new TaskCompletionSource();
        _store.Next(call => call.ApplyAfter(gate.Task));
        Task<CommitResult> commit = CommitAsync(NewCharge());
        await Eventually.IsTrue(() => _store.Calls.Count == 3, "the charge is sent");

        _clock.Advance(TimeSpan.FromMilliseconds(1_200));

        Assert.Equal(CommitStatus.Deferred, (await Eventually.Ends(commit)).Status);
        gate.SetResult();
    }

    [Fact]
    public async Task CommitTimeout_WhenTheStoreKeepsFailing_CountsTheChargeOnceItIsBack()
    {
        bool isDown = true;
        _store.Settles = call => isDown ? throw new InvalidOperationException("down") : call.Apply();
        List<Task<CommitResult>> commits = [.. Enumerable.Range(0, 5).Select(_ => CommitAsync(NewCharge()))];
        CommitResult[] results = await _clock.DriveAsync(Task.WhenAll(commits));

        Assert.All(results, result => Assert.Equal(CommitStatus.Deferred, result.Status));
        Assert.Equal(5, _journal.OpenCount);
        isDown = false;
        await _clock.DriveAsync(Eventually.IsTrue(() => Committer.Pending == 0, "the charges are settled"));

        Assert.Equal(5, await _store.UsedAsync("u1"));
        Assert.Equal(0, _journal.OpenCount);
    }

    [Fact]
    public async Task CommitTimeout_WhenTheLimitIsReachedAfterTheAnswerLeft_CountsItAllTheSame()
    {
        _settings = _settings with { Terms = new UsageTerms(1, "UTC") };
        await CommitAsync(NewCharge());
        var gate = new TaskCompletionSource();
        _store.Next(call => call.ApplyAfter(gate.Task));
        Task<CommitResult> late = CommitAsync(NewCharge());
        await Eventually.IsTrue(() => _store.Calls.Count == 2, "the batch is sent");
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(CommitStatus.Deferred, (await Eventually.Ends(late)).Status);

        gate.SetResult();
        await Eventually.IsTrue(() => Committer.Pending == 0, "the charge is settled");

        Assert.True(_store.Calls[1].Terms.EnforceLimit);
        Assert.False(_store.Calls[2].Terms.EnforceLimit);
        Assert.Equal(2, await _store.UsedAsync("u1"));
        Assert.Equal((2, 0), _quota.Read());
        Assert.Equal(0, _journal.OpenCount);
    }

    [Fact]
    public async Task CommitTimeout_WhenSeveralWatchersLookAtOnce_KeepsEveryChargeInTheJournal()
    {
        var gate = new TaskCompletionSource();
        _store.Settles = call => call.ApplyAfter(gate.Task);
        List<Task<CommitResult>> commits = [.. Enumerable.Range(0, 3_000).Select(_ => CommitAsync(NewCharge()))];
        await Eventually.IsTrue(() => _store.Calls.Count == 1, "the first batch is sent");
        _clock.Advance(TimeSpan.FromMilliseconds(990));

        // A slow disk makes one pass of the watch last until the next begins.
        using var start = new Barrier(2);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            start.SignalAndWait();
            _clock.Advance(TimeSpan.FromMilliseconds(500));
        })));
        await Eventually.Ends(Task.WhenAll(commits));

        Assert.Equal(3_000, _journal.OpenCount);
        gate.SetResult();
        await Eventually.IsTrue(() => Committer.Pending == 0, "the charges are settled");
        Assert.Equal(3_000, await _store.UsedAsync("u1"));
    }

    [Fact]
    public async Task CommitTimeout_WhenTheDayChangesMeanwhile_CountsOnTheDayOfTheFirstTry()
    {
        _clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        bool isDown = true;
        _store.Settles = call => isDown ? throw new InvalidOperationException("down") : call.Apply();
        Task<CommitResult> commit = CommitAsync(NewCharge());
        await _clock.DriveAsync(commit);
        _clock.Advance(TimeSpan.FromMinutes(1));
        isDown = false;

        await _clock.DriveAsync(Eventually.IsTrue(() => Committer.Pending == 0, "the charge is settled"));

        Assert.Equal(new DateOnly(2026, 3, 10), _store.Calls[^1].Terms.Day);
        Assert.Equal(0, await _store.UsedAsync("u1"));
    }

    [Fact]
    public async Task Deferred_WhenTheStoreIsDown_AnswersAtOnceAndCountsLater()
    {
        _settings = _settings with { Mode = CommitMode.Deferred };
        bool isDown = true;
        _store.Settles = call => isDown ? throw new InvalidOperationException("down") : call.Apply();

        CommitResult result = await Eventually.Ends(CommitAsync(NewCharge()));

        Assert.Equal(CommitStatus.Deferred, result.Status);
        Assert.Equal(1, _journal.OpenCount);
        isDown = false;
        await _clock.DriveAsync(Eventually.IsTrue(() => Committer.Pending == 0, "the charge is settled"));
        Assert.Equal(1, await _store.UsedAsync("u1"));
        Assert.Equal(0, _journal.OpenCount);
        Assert.False(_store.Calls[^1].Terms.EnforceLimit);
    }

    [Fact]
    public async Task Deferred_WhenTheJournalCannotBeWritten_WaitsForTheStoreInstead()
    {
        _settings = _settings with { Mode = CommitMode.Deferred };
        _journal.Dispose();

        CommitResult result = await Eventually.Ends(CommitAsync(NewCharge()));

        Assert.Equal(CommitStatus.Counted, result.Status);
        Assert.Equal(1, await _store.UsedAsync("u1"));
    }

    [Fact]
    public async Task CommitTimeout_WhenTheJournalCannotBeWritten_KeepsTheCallerWaitingForTheStore()
    {
        var gate = new TaskCompletionSource();
        _store.Next(call => call.ApplyAfter(gate.Task));
        Task<CommitResult> commit = CommitAsync(NewCharge());
        await Eventually.IsTrue(() => _store.Calls.Count == 1, "the batch is sent");
        _journal.Dispose();

        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.False(commit.IsCompleted);
        gate.SetResult();

        Assert.Equal(CommitStatus.Counted, (await Eventually.Ends(commit)).Status);
    }

    [Fact]
    public async Task Refusal_WhenTheJournalCannotBeWritten_SaysWhereAndWhy()
    {
        var gate = new TaskCompletionSource();
        _store.Next(call => call.ApplyAfter(gate.Task));
        Task<CommitResult> commit = CommitAsync(NewCharge());
        await Eventually.IsTrue(() => _store.Calls.Count == 1, "the batch is sent");
        _journal.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(2));

        string refusal = Assert.IsType<string>(Committer.Refusal);

        Assert.StartsWith($"the journal in '{_directory.Path}' cannot be written: ", refusal, StringComparison.Ordinal);
        Assert.StartsWith($"[Usage] The journal in '{_directory.Path}' cannot be written", Assert.Single(_log.Of("[Usage] The journal")), StringComparison.Ordinal);
        gate.SetResult();
        await Eventually.Ends(commit);
    }

    [Fact]
    public async Task Replay_OfAnEarlierRun_CountsAboveTheLimitAndMarksItSettled()
    {
        _settings = _settings with { Terms = new UsageTerms(0, "UTC") };
        Charge charge = NewCharge();
        _journal.TryAppend(charge, new DateOnly(2026, 3, 10));
        _quota.ReserveAgain(1);

        Committer.Replay(charge, _quota, new DateOnly(2026, 3, 10));
        await Eventually.IsTrue(() => Committer.Pending == 0, "the charge is settled");

        Assert.Equal(1, await _store.UsedAsync("u1"));
        Assert.Equal(0, _journal.OpenCount);
        Assert.Equal((1, 0), _quota.Read());
    }

    [Fact]
    public async Task Replay_OfARefundedCharge_IsNotReportedAsCommitted()
    {
        Charge charge = NewCharge();
        await _store.RefundAsync(charge, UsageTerms.Default, CancellationToken.None);
        _quota.ReserveAgain(1);

        Committer.Replay(charge, _quota, null);
        await Eventually.IsTrue(() => Committer.Pending == 0, "the charge is settled");

        Assert.Equal(0, await _store.UsedAsync("u1"));
        Assert.Equal(0, _meters.Sum("reliable.transactions.committed"));
        Assert.Empty(_log.Of("[Transaction] Committed"));
    }
}
