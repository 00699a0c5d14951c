using Reliable.Infrastructure;

namespace Reliable.Usage;

public sealed class ChargeJournalTests : IDisposable
{
    private static readonly DateOnly s_day = new(2026, 3, 10);

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void TakeOver_OfADeadProcess_FindsEveryOpenChargeWithItsDay()
    {
        Charge[] charges = [New("u1"), New("юзер-😀", "bilder"), New(new string('x', 10_000)), New("", amount: int.MaxValue)];
        byte[] file = Write(journal =>
        {
            journal.TryAppend(charges[0], s_day);
            journal.TryAppend(charges[1], null);
            journal.TryAppend(charges[2], s_day);
            Charge settled = New("gone");
            journal.TryAppend(settled, s_day);
            journal.MarkSettled(settled.TransactionId);
            journal.TryAppend(charges[3], s_day);
        });

        Assert.Equal(
            [(charges[0], (DateOnly?)s_day), (charges[1], null), (charges[2], s_day), (charges[3], s_day)],
            TakeOver(file).OrderBy(open => Array.IndexOf(charges, open.Charge)));
    }

    [Fact]
    public void TakeOver_OfATornTail_FindsWhatWasWhole()
    {
        Charge[] charges = [New("u1"), New("u2"), New("u3")];
        var ends = new List<int>();
        byte[] file = Write(journal =>
        {
            foreach (Charge charge in charges)
            {
                journal.TryAppend(charge, s_day);
                ends.Add((int)journal.Length);
            }
        });

        for (int length = 0; length <= file.Length; length++)
        {
            Charge[] expected = [.. charges.Where((_, i) => ends[i] <= length)];
            Assert.Equal(expected.ToHashSet(), JournalFormat.ReadOpen(file.AsSpan(0, length), out _).Values.Select(open => open.Charge).ToHashSet());
        }
    }

    [Fact]
    public void ReadOpen_OfAFlippedBit_InventsNoCharge()
    {
        Charge[] charges = [New("u1"), New("u2"), New("u3")];
        byte[] file = Write(journal => Array.ForEach(charges, charge => journal.TryAppend(charge, s_day)));

        for (int bit = 0; bit < file.Length * 8; bit++)
        {
            byte[] damaged = [.. file];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Subset(charges.ToHashSet(), JournalFormat.ReadOpen(damaged, out _).Values.Select(open => open.Charge).ToHashSet());
        }
    }

    [Fact]
    public void TakeOver_OfALiveProcess_LeavesItsFileAlone()
    {
        using var live = ChargeJournal.Open(_directory.Path, JournalMode.ProcessCrash);
        live.TryAppend(New("u1"), s_day);
        using var other = ChargeJournal.Open(_directory.Path, JournalMode.ProcessCrash);

        Assert.Empty(other.TakeOver());
        Assert.Equal(2, Directory.GetFiles(_directory.Path).Length);
        Assert.True(live.TryAppend(New("u1"), s_day));
    }

    [Fact]
    public void TakeOver_WhenItIsDone_HasTheChargesInItsOwnFileAndDeletesTheOther()
    {
        byte[] file = Write(journal => journal.TryAppend(New("u1"), s_day));
        string left = Path.Combine(_directory.Path, "charges-1-left.journal");
        File.WriteAllBytes(left, file);
        using var journal = ChargeJournal.Open(_directory.Path, JournalMode.PowerLoss);

        Assert.Single(journal.TakeOver());

        Assert.False(File.Exists(left));
        Assert.Equal(1, journal.OpenCount);
        Assert.Empty(journal.TakeOver());
    }

    [Fact]
    public void MarkSettled_OfTheLastOpenCharge_EmptiesTheFile()
    {
        using var journal = ChargeJournal.Open(_directory.Path, JournalMode.ProcessCrash);
        Charge[] charges = [New("u1"), New("u2")];
        Array.ForEach(charges, charge => journal.TryAppend(charge, s_day));

        journal.MarkSettled(charges[0].TransactionId);
        Assert.True(journal.Length > 0);
        journal.MarkSettled(charges[1].TransactionId);
        journal.MarkSettled(charges[1].TransactionId);

        Assert.Equal(0, journal.Length);
        Assert.Equal(0, new FileInfo(Assert.Single(Directory.GetFiles(_directory.Path))).Length);
    }

    [Fact]
    public void MarkSettled_OfMany_CompactsAndKeepsTheOpenOnes()
    {
        Charge kept = New("kept");
        byte[] file = Write(journal =>
        {
            journal.TryAppend(kept, s_day);
            for (int i = 0; i < 30_000; i++)
            {
                Charge charge = New("u1");
                journal.TryAppend(charge, s_day);
                journal.MarkSettled(charge.TransactionId);
                Assert.InRange(journal.Length, 1, (1024 * 1024) + 1_000);
            }
        });

        Assert.Equal((kept, s_day), Assert.Single(TakeOver(file)));
    }

    [Fact]
    public void Failure_WhenFull_NamesTheSizeAndIsOverWhenThereIsRoomAgain()
    {
        using var journal = ChargeJournal.Open(_directory.Path, JournalMode.ProcessCrash, maxBytes: 100);
        Charge[] charges = [New("u1"), New("u2")];
        Array.ForEach(charges, charge => Assert.True(journal.TryAppend(charge, s_day)));

        Assert.StartsWith("it holds ", journal.Failure, StringComparison.Ordinal);
        Assert.False(journal.TryRecover());
        Array.ForEach(charges, charge => journal.MarkSettled(charge.TransactionId));

        Assert.Null(journal.Failure);
        Assert.True(journal.TryRecover());
    }

    [Fact]
    public void Open_WhereNothingCanBeWritten_SaysWhatToSet()
    {
        string file = Path.Combine(_directory.Path, "a-file");
        File.WriteAllText(file, "");

        var thrown = Assert.Throws<UsageStoreException>(() => ChargeJournal.Open(Path.Combine(file, "journal"), JournalMode.ProcessCrash));

        Assert.StartsWith($"The journal directory '{Path.Combine(file, "journal")}' cannot be written: ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("'Reliable:Usage:JournalPath'", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("'Reliable:Usage:Journal' to 'None'", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_WhenNothingIsOpen_LeavesNoFile()
    {
        ChargeJournal.Open(_directory.Path, JournalMode.ProcessCrash).Dispose();

        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task TryFlush_OfPowerLoss_ForcesAlsoAfterTheFileWasEmptied()
    {
        using var journal = ChargeJournal.Open(_directory.Path, JournalMode.PowerLoss);
        Charge first = New("u1");
        journal.TryAppend(first, s_day);
        Assert.True(await journal.TryFlushAsync());
        journal.MarkSettled(first.TransactionId);
        journal.TryAppend(New("u1"), s_day);

        Assert.True(await journal.TryFlushAsync());
        journal.TryAppend(New("u1"), s_day);
        journal.Dispose();
        Assert.False(await journal.TryFlushAsync());
    }

    [Fact]
    public void TakeOver_WhenARecordInTheMiddleIsDamaged_ReplaysWhatStandsBeforeItAndKeepsTheFile()
    {
        Charge[] charges = [New("u1"), New("u2"), New("u3")];
        byte[] file = Write(journal => Array.ForEach(charges, charge => journal.TryAppend(charge, s_day)));
        file[file.Length / 2] ^= 0x40;

        Assert.Equal((charges[0], s_day), Assert.Single(TakeOver(file)));

        string kept = Assert.Single(Directory.GetFiles(_directory.Path, "*.damaged"));
        Assert.Equal(file, File.ReadAllBytes(kept));
    }

    [Fact]
    public void TakeOver_WhenNothingIsDamaged_KeepsNothing()
    {
        Assert.Single(TakeOver(Write(journal => journal.TryAppend(New("u1"), s_day))));

        Assert.Empty(Directory.GetFiles(_directory.Path, "*.damaged"));
    }

    [Fact]
    public void TakeOver_WhenChargesAreTooOld_KeepsThemAsideAndReplaysTheOthers()
    {
        Charge[] charges = [New("u1"), New("u2"), New("u3")];
        string left = Path.Combine(_directory.Path, "charges-1-left.journal");
        File.WriteAllBytes(left, Write(journal => Array.ForEach(charges, charge => journal.TryAppend(charge, s_day))));
        using var journal = ChargeJournal.Open(_directory.Path, JournalMode.ProcessCrash);

        IReadOnlyList<(Charge Charge, DateOnly? Day)> found = journal.TakeOver((charge, day) => day == s_day && charge.UserId != "u2");

        Assert.Equal((charges[1], s_day), Assert.Single(found));
        Assert.Equal((left + ".expired", 2), Assert.Single(journal.Expired));
        Assert.False(File.Exists(left));
        Assert.Equal(1, journal.OpenCount);
        Assert.Equal(
            new HashSet<(Charge, DateOnly?)> { (charges[0], s_day), (charges[2], s_day) },
            JournalFormat.ReadOpen(File.ReadAllBytes(left + ".expired"), out _).Values.ToHashSet());
    }

    [Fact]
    public void TakeOver_WhenAnExpiredFileIsRenamedBack_ReplaysIt()
    {
        Charge charge = New("u1");
        string left = Path.Combine(_directory.Path, "charges-1-left.journal");
        File.WriteAllBytes(left, Write(journal => journal.TryAppend(charge, s_day)));
        using (var first = ChargeJournal.Open(_directory.Path, JournalMode.ProcessCrash))
            Assert.Empty(first.TakeOver(static (_, _) => true));

        File.Move(left + ".expired", left);
        using var journal = ChargeJournal.Open(_directory.Path, JournalMode.ProcessCrash);

        Assert.Equal((charge, s_day), Assert.Single(journal.TakeOver(static (_, _) => false)));
    }

    private static Charge New(string user, string counter = "requests", int amount = 1) => new(Guid.CreateVersion7(), user, counter, amount);

    private static byte[] Write(Action<ChargeJournal> write)
    {
        using var directory = new TempDirectory();
        var journal = ChargeJournal.Open(directory.Path, JournalMode.ProcessCrash);
        write(journal);
        journal.Dispose();
        return File.ReadAllBytes(Assert.Single(Directory.GetFiles(directory.Path)));
    }

    private IReadOnlyList<(Charge Charge, DateOnly? Day)> TakeOver(byte[] file)
    {
        File.WriteAllBytes(Path.Combine(_directory.Path, "charges-1-left.journal"), file);
        using var journal = ChargeJournal.Open(_directory.Path, JournalMode.ProcessCrash);
        return journal.TakeOver();
    }
}
