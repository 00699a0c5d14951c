using Reliable.Infrastructure;

namespace Reliable.Transactions;

/// <summary>Threads do random things to one slot, and what they were told is checked afterwards; 120,000 histories in all.</summary>
[Collection(RunsAlone.Name)]
public sealed class LinearizabilityTests
{
    [Theory]
    [InlineData(1, 2, false, 60)]
    [InlineData(2, 2, true, 100)]
    [InlineData(3, 3, false, 30)]
    [InlineData(4, 3, true, 50)]
    public void Store_WhenHistoriesAreRecorded_HasNoneThatIsNotLinearizable(int seed, int threads, bool reuses, int batches)
    {
        var recorder = new SlotRecorder(new StoreSlot(), seed, threads, reuses);

        recorder.Record(batches);

        Assert.Equal(batches * 500, recorder.Histories);
        Assert.True(recorder.Violations == 0, $"{recorder.Violations} of {recorder.Histories} histories are not linearizable; seed {seed}.");
        Assert.Equal(0, recorder.Miscounts);
    }

    [Theory]
    [InlineData(SlotFlaw.ChecksThenSets)]
    [InlineData(SlotFlaw.IgnoresTheGeneration)]
    [InlineData(SlotFlaw.ExpiresCommitting)]
    [InlineData(SlotFlaw.KeepsTheGeneration)]
    public void Mutant_WhenHistoriesAreRecorded_IsCaught(SlotFlaw flaw)
    {
        int histories = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            var recorder = new SlotRecorder(new FlawedSlot(flaw), seed, threads: 2, reuses: true);
            recorder.Record(batches: 2);
            histories += recorder.Histories;
            if (recorder.Violations > 0)
                return;
        }

        Assert.Fail($"The mutant that {flaw} went unnoticed in {histories} histories.");
    }

    [Fact]
    public void Mutant_WhenItGivesReservationsBackTwice_IsCaughtByTheQuota()
    {
        var recorder = new SlotRecorder(new FlawedSlot(SlotFlaw.GivesBackTwice), seed: 1, threads: 2, reuses: true);

        recorder.Record(batches: 2);

        Assert.Equal((0, 2), (recorder.Violations, recorder.Miscounts));
    }

    [Fact]
    public void Mutant_WhenItHasNoFlaw_IsNotObjectedTo()
    {
        var recorder = new SlotRecorder(new FlawedSlot(SlotFlaw.None), seed: 1, threads: 2, reuses: true);

        recorder.Record(batches: 20);

        Assert.Equal((0, 0), (recorder.Violations, recorder.Miscounts));
    }

    [Fact]
    public void IsLinearizable_WhenTwoHaveWon_IsFalse()
    {
        Assert.False(SlotHistory.IsLinearizable(
        [
            new(SlotOperation.Claim, 0, SlotAnswer.Won, 0, 3),
            new(SlotOperation.Rollback, 0, SlotAnswer.Won, 1, 2),
        ]));
        Assert.False(SlotHistory.IsLinearizable(
        [
            new(SlotOperation.Sweep, 0, SlotAnswer.Won, 0, 3),
            new(SlotOperation.Claim, 0, SlotAnswer.Won, 1, 2),
        ]));
    }

    [Fact]
    public void IsLinearizable_WhenALoserCameBeforeEveryWinner_IsFalse()
        => Assert.False(SlotHistory.IsLinearizable(
        [
            new(SlotOperation.Claim, 0, SlotAnswer.Lost, 0, 1),
            new(SlotOperation.Rollback, 0, SlotAnswer.Won, 2, 3),
        ]));

    [Fact]
    public void IsLinearizable_WhenTheWinnerBeganBeforeTheLoserEnded_IsTrue()
        => Assert.True(SlotHistory.IsLinearizable(
        [
            new(SlotOperation.Claim, 0, SlotAnswer.Lost, 0, 2),
            new(SlotOperation.Rollback, 0, SlotAnswer.Won, 1, 3),
        ]));

    [Fact]
    public void IsLinearizable_WhenExpiredAndFreed_IsTrue()
        => Assert.True(SlotHistory.IsLinearizable(
        [
            new(SlotOperation.Sweep, 0, SlotAnswer.Won, 0, 1),
            new(SlotOperation.Claim, 0, SlotAnswer.Expired, 2, 3),
            new(SlotOperation.Sweep, 0, SlotAnswer.Lost, 4, 5),
            new(SlotOperation.Rollback, 0, SlotAnswer.Lost, 6, 7),
        ]));

    [Fact]
    public void IsLinearizable_WhenAStaleHandleWins_IsFalse()
        => Assert.False(SlotHistory.IsLinearizable(
        [
            new(SlotOperation.Rollback, 0, SlotAnswer.Won, 0, 1),
            new(SlotOperation.Begin, 1, SlotAnswer.Won, 2, 3),
            new(SlotOperation.Claim, 0, SlotAnswer.Won, 4, 5),
        ]));

    [Fact]
    public void IsLinearizable_WhenASlotIsOpenedAgainWithTheSameGeneration_IsFalse()
        => Assert.False(SlotHistory.IsLinearizable(
        [
            new(SlotOperation.Rollback, 0, SlotAnswer.Won, 0, 1),
            new(SlotOperation.Begin, 0, SlotAnswer.Won, 2, 3),
        ]));

    [Fact]
    public void IsLinearizable_WhenACommitUnderWayExpires_IsFalse()
        => Assert.False(SlotHistory.IsLinearizable(
        [
            new(SlotOperation.Claim, 0, SlotAnswer.Won, 0, 1),
            new(SlotOperation.Sweep, 0, SlotAnswer.Won, 2, 3),
            new(SlotOperation.Release, 0, SlotAnswer.Won, 4, 5),
        ]));
}
