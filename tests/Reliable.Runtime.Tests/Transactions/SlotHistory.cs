namespace Reliable.Transactions;

/// <summary>What can be asked of one slot.</summary>
internal enum SlotOperation
{
    /// <summary>Claim the commit in time.</summary>
    Claim,

    /// <summary>Claim the commit after the deadline.</summary>
    ClaimLate,

    /// <summary>Roll back in time.</summary>
    Rollback,

    /// <summary>Open the slot's next transaction.</summary>
    Begin,

    /// <summary>Expire what is overdue, free what has expired.</summary>
    Sweep,

    /// <summary>End a commit that was claimed.</summary>
    Release,
}

internal enum SlotAnswer
{
    Won,
    Expired,

    /// <summary>Somebody else has won; whether that one is done yet is not told apart, because a rollback is two steps.</summary>
    Lost,
}

/// <summary>One operation of a recorded history, with the moments between which it took effect.</summary>
/// <param name="Operation">What was asked.</param>
/// <param name="Generation">Of which of the slot's transactions, counted from the first of the history; of a begin, the one it opened.</param>
/// <param name="Answer">What it was told.</param>
/// <param name="Invoked">A moment before.</param>
/// <param name="Returned">A moment after.</param>
internal readonly record struct SlotEvent(SlotOperation Operation, int Generation, SlotAnswer Answer, int Invoked, int Returned);

/// <summary>
/// Decides whether a history of one slot, which begins with an open transaction, could have happened one operation at a time, in an order that respects which ended
/// before which began (Wing and Gong's search, with a memory of the dead ends).
/// </summary>
internal static class SlotHistory
{
    public const int MostEvents = 9;

    private const int States = 4;
    private const int MostGenerations = 16;

    [ThreadStatic]
    private static bool[]? t_deadEnds;

    private enum State
    {
        Active,
        Committing,
        Expired,
        Free,
    }

    public static bool IsLinearizable(ReadOnlySpan<SlotEvent> history)
    {
        Assert.InRange(history.Length, 0, MostEvents);
        bool[] deadEnds = t_deadEnds ??= new bool[(1 << MostEvents) * States * MostGenerations];
        Array.Clear(deadEnds, 0, (1 << history.Length) * States * MostGenerations);
        return Search(history, 0, new Model(State.Active, 0), deadEnds);
    }

    private static bool Search(ReadOnlySpan<SlotEvent> history, int done, Model model, bool[] deadEnds)
    {
        if (done == (1 << history.Length) - 1)
            return true;

        ref bool isDeadEnd = ref deadEnds[(((done * MostGenerations) + model.Generation) * States) + (int)model.State];
        if (isDeadEnd)
            return false;

        int firstReturn = int.MaxValue;
        for (int i = 0; i < history.Length; i++)
        {
            if ((done & (1 << i)) == 0)
                firstReturn = Math.Min(firstReturn, history[i].Returned);
        }

        for (int i = 0; i < history.Length; i++)
        {
            // What began after another pending one had ended cannot come first.
            if ((done & (1 << i)) != 0 || history[i].Invoked > firstReturn)
                continue;

            (Model? next, Model? orElse) = model.After(history[i]);
            if ((next is { } one && Search(history, done | (1 << i), one, deadEnds)) || (orElse is { } other && Search(history, done | (1 << i), other, deadEnds)))
                return true;
        }

        isDeadEnd = true;
        return false;
    }

    private readonly record struct Model(State State, int Generation)
    {
        /// <summary>The states an operation with this answer may lead to; none, if it cannot have got this answer here.</summary>
        public (Model? Next, Model? OrElse) After(SlotEvent e)
        {
            switch (e.Operation)
            {
                case SlotOperation.Begin when e.Answer == SlotAnswer.Won:
                    return State == State.Free && Generation == e.Generation ? (To(State.Active), null) : default;
                case SlotOperation.Begin:
                    // Refused; also by a slot that somebody else is about to open or to free.
                    return (this, null);
                case SlotOperation.Sweep:
                    return AfterSweep(e.Answer);
            }

            if (e.Generation != Generation)
                return e.Generation < Generation && e.Answer == SlotAnswer.Lost ? (this, null) : default;

            return ((Model?)((e.Operation, e.Answer, State) switch
            {
                (SlotOperation.Claim, SlotAnswer.Won, State.Active) => To(State.Committing),
                (SlotOperation.Rollback, SlotAnswer.Won, State.Active) => Freed,
                (SlotOperation.Release, SlotAnswer.Won, State.Committing) => Freed,
                (SlotOperation.ClaimLate, SlotAnswer.Expired or SlotAnswer.Lost, State.Active or State.Expired) => To(State.Expired),
                (SlotOperation.Claim or SlotOperation.Rollback, SlotAnswer.Expired, State.Expired) => this,
                (not SlotOperation.Release, SlotAnswer.Lost, State.Committing) => this,
                _ => null,
            }), null);
        }

        private Model Freed => new(State.Free, Generation + 1);

        private (Model? Next, Model? OrElse) AfterSweep(SlotAnswer answer) => (answer, State) switch
        {
            (SlotAnswer.Won, State.Active) => (To(State.Expired), null),
            (SlotAnswer.Won, _) => default,

            // The first transaction of a history is overdue for a sweep; a later one need not be seen.
            (_, State.Active) => Generation > 0 ? (this, null) : default,
            (_, State.Expired) => (Freed, this),
            _ => (this, null),
        };

        private Model To(State state) => this with { State = state };
    }
}
