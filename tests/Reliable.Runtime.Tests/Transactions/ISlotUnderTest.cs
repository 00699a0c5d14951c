namespace Reliable.Transactions;

/// <summary>The edges of one open transaction.</summary>
internal interface ISlotUnderTest
{
    SlotAnswer Claim(bool isLate);

    SlotAnswer Rollback();

    SlotAnswer Sweep();

    void Release();
}
