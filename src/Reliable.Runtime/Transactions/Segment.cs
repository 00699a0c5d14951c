namespace Reliable.Transactions;

/// <summary>
/// 4,096 slots, as parallel arrays: expiry reads the words of a segment in one stretch and touches nothing else of a slot that is not open.
/// 8 (word) + 8 (deadline) + 16 (what is reserved) bytes a slot.
/// </summary>
internal sealed class Segment
{
    public const int Bits = 12;
    public const int Size = 1 << Bits;
    public const int Mask = Size - 1;

    public readonly long[] Words = new long[Size];
    public readonly long[] Deadlines = new long[Size];
    public readonly Reservation[] Reservations = new Reservation[Size];

    /// <summary>What a slot gives back when it ends without a charge, and its time to live.</summary>
    public struct Reservation
    {
        public Quota Quota;
        public int Amount;
        public int TimeToLiveMs;
    }
}
