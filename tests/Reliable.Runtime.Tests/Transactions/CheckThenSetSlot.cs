namespace Reliable.Transactions;

/// <summary>A store's slot as it must not be: it looks whether the transaction is open and then writes, where the store swaps.</summary>
internal sealed class CheckThenSetSlot : ISlotUnderTest
{
    private int _state = (int)TransactionState.Active;

    public SlotAnswer Claim(bool isLate) => TryLeaveActive(isLate ? TransactionState.Expired : TransactionState.Committing) switch
    {
        true when isLate => SlotAnswer.Expired,
        true => SlotAnswer.Won,
        false => Refusal(),
    };

    public SlotAnswer Rollback()
    {
        if (!TryLeaveActive(TransactionState.RolledBack))
            return Refusal();

        Volatile.Write(ref _state, (int)TransactionState.Free);
        return SlotAnswer.Won;
    }

    public SlotAnswer Sweep()
    {
        if (TryLeaveActive(TransactionState.Expired))
            return SlotAnswer.Won;

        Interlocked.CompareExchange(ref _state, (int)TransactionState.Free, (int)TransactionState.Expired);
        return SlotAnswer.Lost;
    }

    public void Release() => Volatile.Write(ref _state, (int)TransactionState.Free);

    private bool TryLeaveActive(TransactionState target)
    {
        if (Volatile.Read(ref _state) != (int)TransactionState.Active)
            return false;

        Volatile.Write(ref _state, (int)target);
        return true;
    }

    private SlotAnswer Refusal() => Volatile.Read(ref _state) == (int)TransactionState.Expired ? SlotAnswer.Expired : SlotAnswer.Lost;
}
