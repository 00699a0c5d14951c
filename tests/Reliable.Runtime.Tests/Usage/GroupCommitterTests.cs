using Microsoft.Extensions.Logging;
using Reliable.Diagnostics;
using Reliable.Infrastructure;
using Reliable.Transactions;

namespace Reliable.Usage;

public sealed partial class GroupCommitterTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly CapturingLoggerFactory _log = new(LogLevel.Debug);
    private readonly MeterRecorder _meters = new();
    private readonly TempDirectory _directory = new();
    private readonly Quota _quota = new("u1", "requests");
    private readonly StoreDay _day = new();
    private readonly FakeUsageStore _store;
    private readonly ChargeJournal _journal;
    private CommitterSettings _settings = new(CommitMode.Awaited, 1_000, 5_000, UsageTerms.Default);
    private Func<Task> _start = static () => Task.CompletedTask;
    private GroupCommitter? _committer;

    public GroupCommitterTests()
    {
        _store = new FakeUsageStore(_clock);
        _journal = ChargeJournal.Open(_directory.Path, JournalMode.ProcessCrash);
        _day.Learn(new DateOnly(2026, 3, 10), 12 * 60 * 60 * 1000);
    }

    // The clock of a test is faster than the loop's thread: a caller that is to see the store's answer must not be let go before.
    private void NobodyLeaves() => _settings = _settings with { CommitTimeoutMs = 36_000_000 };

    private GroupCommitter Committer => _committer ??= Create(_journal);

    public async ValueTask DisposeAsync()
    {
        if (_committer is not null)
        {
            await _committer.DisposeAsync();
        }

        _journal.Dispose();
        _directory.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public async Task Commit_WhenTheStoreAnswers_TellsTheCountAndUpdatesTheQuota()
    {
        CommitResult result = await CommitAsync(NewCharge());

        Assert.Equal(new CommitResult(CommitStatus.Counted, 1), result);
        Assert.Equal((1, 0), _quota.Read());
        Assert.Equal(0, Committer.Pending);
        Assert.Equal(0, _journal.OpenCount);
    }

    [Fact]
    public async Task Commit_WhileABatchIsUnderWay_GoesWithTheNextInOrder()
    {
        var gate = new TaskCompletionSource();
        _store.Next(call => call.ApplyAfter(gate.Task));
        Charge first = NewCharge();
        Charge[] others = [.. Enumerable.Range(0, 10).Select(_ => NewCharge())];
        List<Task<CommitResult>> commits = [CommitAsync(first)];
        await Eventually.IsTrue(() => _store.Calls.Count == 1, "the first batch is sent");
        commits.AddRange(others.Select(charge => CommitAsync(charge)));

        gate.SetResult();
        CommitResult[] results = await Eventually.Ends(Task.WhenAll(commits));

        Assert.Equal(2, _store.Calls.Count);
        Assert.Equal([first], _store.Calls[0].Charges);
        Assert.Equal(others, _store.Calls[1].Charges);
        Assert.All(results, result => Assert.Equal(CommitStatus.Counted, result.Status));
        Assert.Equal(11, results[^1].Used);
        Assert.Equal((11, 0), _quota.Read());
    }

    [Fact]
    public async Task Commit_WhenMoreWaitThanABatchTakes_SendsSeveral()
    {
        var gate = new TaskCompletionSource();
        _store.Next(call => call.ApplyAfter(gate.Task));
        List<Task<CommitResult>> commits = [.. Enumerable.Range(0, 200).Select(_ => CommitAsync(NewCharge()))];

        gate.SetResult();
        await Eventually.Ends(Task.WhenAll(commits));

        Assert.All(_store.Calls, call => Assert.InRange(call.Charges.Count, 1, _store.MaxBatchSize));
        Assert.Equal(200, _store.Calls.Sum(call => call.Charges.Count));
        Assert.Equal(200, await _store.UsedAsync("u1"));
    }

    [Fact]
    public async Task Commit_WhenTheStoreFailsForAWhile_SendsTheSameIdsUntilItSucceeds()
    {
        NobodyLeaves();
        _store.Fails(3, () => new InvalidOperationException("down\r\n[Error] forged"));
        Charge charge = NewCharge();

        CommitResult result = await _clock.DriveAsync(CommitAsync(charge));

        Assert.Equal(CommitStatus.Counted, result.Status);
        Assert.Equal(4, _store.Calls.Count);
        Assert.All(_store.Calls, call => Assert.Equal([charge], call.Charges));
        Assert.Equal(1, await _store.UsedAsync("u1"));
        Assert.Contains("[Usage] FakeSQL takes charges again after 3 failures", _log.Texts);
        Assert.Single(_log.Of("[Usage] FakeSQL did not take 1 charges"));
        Assert.All(_log.Texts, text => Assert.DoesNotContain('\n', text));
    }

    [Fact]
    public async Task Commit_WhenTheReplyIsLost_IsCountedOnceAndReported()
    {
        NobodyLeaves();
        _store.Next(call => call.ApplyAndLoseReply());

        CommitResult result = await _clock.DriveAsync(CommitAsync(NewCharge()));

        Assert.Equal(CommitStatus.Counted, result.Status);
        Assert.Equal(2, _store.Calls.Count);
        Assert.Equal(1, await _store.UsedAsync("u1"));
        Assert.Equal((1, 0), _quota.Read());
    }

    [Fact]
    public async Task Commit_WhenOneChargeIsPoison_ParksThatOneAlone()
    {
        var gate = new TaskCompletionSource();
        _store.Next(call => call.ApplyAfter(gate.Task));
        Charge poison = default;
        _store.Settles = call => call.Charges.Contains(poison) ? throw new PoisonException("value\r\nis wrong") : call.Apply();
        Task<CommitResult> first = CommitAsync(NewCharge());
        await Eventually.IsTrue(() => _store.Calls.Count == 1, "the first batch is sent");
        Charge[] charges = [.. Enumerable.Range(0, 16).Select(_ => NewCharge())];
        poison = charges[11];
        Task<CommitResult>[] commits = [.. charges.Select(charge => CommitAsync(charge))];

        gate.SetResult();
        CommitResult[] results = await Eventually.Ends(Task.WhenAll(commits));
        await first;

        Assert.All(charges.Zip(results), pair => Assert.Equal(pair.First == poison ? CommitStatus.Deferred : CommitStatus.Counted, pair.Second.Status));
        Assert.Equal(16, await _store.UsedAsync("u1"));
        Assert.Equal(0, Committer.Pending);
        Assert.Equal(1, _journal.OpenCount);
        string id = TransactionIds.Format(poison.TransactionId);
        Assert.Equal($"[Error] Transaction commit failed: {id} (value__is wrong)", Assert.Single(_log.Of("[Error]")));
        Assert.Equal(1, _meters.Sum("reliable.transactions.commit_failures"));

        _journal.Dispose();
        using var next = ChargeJournal.Open(_directory.Path, JournalMode.ProcessCrash);
        Assert.Equal(poison, Assert.Single(next.TakeOver()).Charge);
    }

    [Fact]
    public async Task Commit_WhenSomebodyHoldsOneRow_TheOthersGoWithoutItAtOnce()
    {
        NobodyLeaves();
        bool isHeld = true;
        _store.IsHeld = charge => Volatile.Read(ref isHeld) && charge.UserId == "held";
        var gate = new TaskCompletionSource();
        _store.Next(call => call.ApplyAfter(gate.Task));
        Task<CommitResult> first = CommitAsync(NewCharge());
        await Eventually.IsTrue(() => _store.Calls.Count == 1, "the first batch is sent");
        Quota heldQuota = new("held", "requests");
        Task<CommitResult> held = CommitAsync(NewCharge("held"), heldQuota);
        Task<CommitResult>[] others = [.. Enumerable.Range(0, 15).Select(_ => CommitAsync(NewCharge()))];

        gate.SetResult();
        await _clock.DriveAsync(Task.WhenAll([first, .. others]));
        Assert.Equal(16, await _store.UsedAsync("u1"));
        Assert.False(held.IsCompleted);
        Assert.Equal([1, 16, 16], _store.Calls.Take(3).Select(static call => call.Charges.Count));
        Assert.Equal([false, false, true], _store.Calls.Take(3).Select(static call => call.Terms.SkipHeld));

        // Whatever else is to be added to that row never waits for it again, and keeps nobody waiting.
        int calls = _store.Calls.Count;
        Task<CommitResult> heldToo = CommitAsync(NewCharge("held"), heldQuota);
        await _clock.DriveAsync(Task.WhenAll(CommitAsync(NewCharge()), CommitAsync(NewCharge())));
        Assert.All(_store.Calls.Skip(calls).Where(call => call.Charges.Any(charge => charge.UserId == "held")), call => Assert.True(call.Terms.SkipHeld));
        Assert.All(_store.Calls.Skip(calls).Where(call => call.Charges.Any(charge => charge.UserId == "u1")), call => Assert.False(call.Terms.SkipHeld));

        Volatile.Write(ref isHeld, false);
        Assert.All(await _clock.DriveAsync(Task.WhenAll(held, heldToo)), static result => Assert.Equal(CommitStatus.Counted, result.Status));
        Assert.Equal(2, await _store.UsedAsync("held"));
        Assert.Equal(0, Committer.Pending);
    }

    [Fact]
    public async Task Commit_WhenItsRowIsHeldAndNobodyElseWaits_LooksAgainAfterAWhile()
    {
        NobodyLeaves();
        _store.IsHeld = static _ => true;
        Task<CommitResult> held = CommitAsync(NewCharge());
        await Eventually.IsTrue(() => _store.Calls.Count == 2, "it is tried, and left out");

        _clock.Advance(TimeSpan.FromMilliseconds(49));
        Assert.Equal(2, _store.Calls.Count);
        _store.IsHeld = static _ => false;

        Assert.Equal(CommitStatus.Counted, (await _clock.DriveAsync(held)).Status);
        Assert.Equal([false, true, true], _store.Calls.Select(static call => call.Terms.SkipHeld));
    }

    [Fact]
    public async Task Commit_WhenTheLimitIsReached_SaysSoAndEndsTheReservation()
    {
        _settings = _settings with { Terms = new UsageTerms(1, "UTC") };
        await CommitAsync(NewCharge());

        CommitResult result = await CommitAsync(NewCharge());

        Assert.Equal(new CommitResult(CommitStatus.LimitReached, 1, 1), result);
        Assert.Equal((1, 0), _quota.Read());
    }

    [Fact]
    public async Task Refusal_WhenNothingIsWrong_IsNull()
    {
        Assert.Null(Committer.Refusal);
        await CommitAsync(NewCharge());
        Assert.Null(Committer.Refusal);
    }

    private GroupCommitter Create(ChargeJournal? journal, IUsageStore? store = null)
    {
        return _committer = new GroupCommitter(
            store ?? _store, _clock, () => _clock.GetTimestamp() / 10_000, () => _settings, _day, journal, () => _start(), Workers.Pool, new Instruments(_meters, () => 0), _log);
    }

    private static Charge NewCharge(string user = "u1") => new(Guid.CreateVersion7(), user, "requests", 1);

    private Task<CommitResult> CommitAsync(Charge charge) => CommitAsync(charge, _quota);

    private Task<CommitResult> CommitAsync(Charge charge, Quota quota)
    {
        quota.ReserveAgain(charge.Amount);
        return Committer.CommitAsync(charge, quota).AsTask();
    }
}
