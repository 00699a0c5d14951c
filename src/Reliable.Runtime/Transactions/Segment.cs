namespace Reliable.Transactions;

/// <summary>
/// The sizes of a segment of <see cref="Slot"/>s: 4,096 slots, 128 KiB. A large object to the garbage collector, on purpose: half of that was copied from generation
/// to generation while the store grew, with pauses of 20 ms.
/// </summary>
internal static class Segment
{
    public const int Bits = 12;
    public const int Size = 1 << Bits;
    public const int Mask = Size - 1;
}
