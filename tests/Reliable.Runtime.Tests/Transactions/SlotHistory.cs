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
internal readonly record struct SlotEvent(SlotOperation Operation, SlotAnswer Answer, int Invoked, int Returned);

/// <summary>
/// Decides whether a history of one transaction could have happened one operation at a time, in an order that respects which ended before which began
/// (Wing and Gong's search, with a memory of the dead ends).
/// </summary>
internal static class SlotHistory
{
    private enum Model
    {
        Active,
        Committing,
        Expired,
        Gone,
    }

    public static bool IsLinearizable(ReadOnlySpan<SlotEvent> history)
    {
        const int States = 4;
        var deadEnds = new bool[(1 << history.Length) * States];
        return Search(history, 0, Model.Active, deadEnds);
    }

    private static bool Search(ReadOnlySpan<SlotEvent> history, int done, Model state, bool[] deadEnds)
    {
        if (done == (1 << history.Length) - 1)
            return true;

        ref bool isDeadEnd = ref deadEnds[(done << 2) | (int)state];
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

            foreach (Model next in After(state, history[i]))
            {
                if (Search(history, done | (1 << i), next, deadEnds))
                    return true;
            }
        }

        isDeadEnd = true;
        return false;
    }

    // The states an operation with this answer may lead to; none, if it cannot have got this answer here.
    private static ReadOnlySpan<Model> After(Model state, SlotEvent e) => (e.Operation, e.Answer, state) switch
    {
        (SlotOperation.Claim, SlotAnswer.Won, Model.Active) => [Model.Committing],
        (SlotOperation.Rollback, SlotAnswer.Won, Model.Active) => [Model.Gone],
        (SlotOperation.Claim or SlotOperation.Rollback, SlotAnswer.Expired, Model.Expired) => [Model.Expired],
        (SlotOperation.Claim or SlotOperation.Rollback, SlotAnswer.Lost, Model.Committing) => [Model.Committing],
        (SlotOperation.Claim or SlotOperation.Rollback, SlotAnswer.Lost, Model.Gone) => [Model.Gone],
        (SlotOperation.ClaimLate, SlotAnswer.Expired or SlotAnswer.Lost, Model.Active or Model.Expired) => [Model.Expired],
        (SlotOperation.ClaimLate, SlotAnswer.Lost, Model.Committing) => [Model.Committing],
        (SlotOperation.ClaimLate, SlotAnswer.Lost, Model.Gone) => [Model.Gone],
        (SlotOperation.Sweep, SlotAnswer.Won, Model.Active) => [Model.Expired],
        (SlotOperation.Sweep, SlotAnswer.Lost, Model.Expired) => [Model.Gone, Model.Expired],
        (SlotOperation.Sweep, SlotAnswer.Lost, Model.Committing) => [Model.Committing],
        (SlotOperation.Sweep, SlotAnswer.Lost, Model.Gone) => [Model.Gone],
        (SlotOperation.Release, SlotAnswer.Won, Model.Committing) => [Model.Gone],
        _ => [],
    };
}
