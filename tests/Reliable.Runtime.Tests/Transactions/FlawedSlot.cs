namespace Reliable.Transactions;

/// <summary>A slot as the store's, small, and wrong in one point.</summary>
internal sealed class FlawedSlot(SlotFlaw flaw) : ISlotUnderTest
{
    private long _word;

    public Quota Quota { get; } = new("u1", "requests");

    public long Begin()
    {
        Quota.TryReserve(1);
        long word = Volatile.Read(ref _word);
        if (SlotWord.StateOf(word) == TransactionState.Free && TrySwap(word, SlotWord.GenerationOf(word), TransactionState.Active))
            return SlotWord.GenerationOf(word);

        Quota.Release(1);
        return -1;
    }

    public SlotAnswer Claim(long generation, bool isLate)
    {
        long word = Volatile.Read(ref _word);
        if (!IsMine(word, generation) || SlotWord.StateOf(word) != TransactionState.Active)
            return Refusal(word, generation);

        if (!isLate)
            return TrySwap(word, SlotWord.GenerationOf(word), TransactionState.Committing) ? SlotAnswer.Won : Refusal(_word, generation);

        TryExpire(word);
        return Refusal(Volatile.Read(ref _word), generation);
    }

    public SlotAnswer Rollback(long generation)
    {
        long word = Volatile.Read(ref _word);
        if (!IsMine(word, generation)
            || SlotWord.StateOf(word) != TransactionState.Active
            || !TrySwap(word, SlotWord.GenerationOf(word), TransactionState.RolledBack))
        {
            return Refusal(Volatile.Read(ref _word), generation);
        }

        Quota.Release(1);
        Free(SlotWord.GenerationOf(word));
        return SlotAnswer.Won;
    }

    public SlotAnswer Sweep()
    {
        long word = Volatile.Read(ref _word);
        switch (SlotWord.StateOf(word))
        {
            case TransactionState.Active:
            case TransactionState.Committing when flaw == SlotFlaw.ExpiresCommitting:
                return TryExpire(word) ? SlotAnswer.Won : SlotAnswer.Lost;
            case TransactionState.Expired:
                Free(SlotWord.GenerationOf(word));
                return SlotAnswer.Lost;
            default:
                return SlotAnswer.Lost;
        }
    }

    public void Release(long generation)
    {
        Quota.CountOne(1);
        Free(generation);
    }

    public void Settle()
    {
        long word = Volatile.Read(ref _word);
        if (SlotWord.StateOf(word) == TransactionState.Active)
            TryExpire(word);

        Free(SlotWord.GenerationOf(Volatile.Read(ref _word)));
    }

    private bool TryExpire(long word)
    {
        if (flaw == SlotFlaw.GivesBackTwice)
            Quota.Release(1);

        if (!TrySwap(word, SlotWord.GenerationOf(word), TransactionState.Expired))
            return false;

        Quota.Release(1);
        return true;
    }

    private bool TrySwap(long from, long generation, TransactionState state)
    {
        long to = SlotWord.Of(generation, state);
        if (flaw != SlotFlaw.ChecksThenSets)
            return Interlocked.CompareExchange(ref _word, to, from) == from;

        if (Volatile.Read(ref _word) != from)
            return false;

        Volatile.Write(ref _word, to);
        return true;
    }

    private void Free(long generation)
        => Volatile.Write(ref _word, SlotWord.Of(flaw == SlotFlaw.KeepsTheGeneration ? generation : generation + 1, TransactionState.Free));

    private bool IsMine(long word, long generation) => flaw == SlotFlaw.IgnoresTheGeneration || SlotWord.GenerationOf(word) == generation;

    private static SlotAnswer Refusal(long word, long generation)
        => SlotWord.GenerationOf(word) == generation && SlotWord.StateOf(word) == TransactionState.Expired ? SlotAnswer.Expired : SlotAnswer.Lost;
}
