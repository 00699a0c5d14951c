using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Reliable.Transactions;

/// <summary>
/// Makes the 128-bit id of a transaction from what is there already: a UUID of version 7 (RFC 9562, section 5.7) whose 74 free bits are an instance number drawn
/// once per process, the slot and the low bits of the slot's generation.
/// </summary>
/// <remarks>
/// Two ids of one process can only be equal if one slot is used 2^20 times within a millisecond; two of different processes only if the processes drew the same
/// 32 bits and meet in slot, generation and millisecond. The time never goes back within a process: it is the wall clock at the start plus the monotonic clock.
/// </remarks>
internal sealed class TransactionIdentity
{
    public const int IndexBits = 22;
    private const int GenerationBits = 20;

    private readonly TimeProvider _time;
    private readonly uint _instance;
    private readonly long _origin;
    private readonly long _epochMs;
    private readonly long _ticksPerMs;

    public TransactionIdentity(uint instance, TimeProvider time)
    {
        _instance = instance;
        _time = time;
        _origin = time.GetTimestamp();
        _epochMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        _ticksPerMs = Math.Max(1, time.TimestampFrequency / 1000);
    }

    /// <summary>Milliseconds since this object was made, on the monotonic clock.</summary>
    public long NowMs => ReferenceEquals(_time, TimeProvider.System)
        ? Environment.TickCount64 - TickOrigin
        : (_time.GetTimestamp() - _origin) / _ticksPerMs;

    // 7 ns instead of 29: the timestamp counter is only worth its price where microseconds matter.
    private long TickOrigin { get; } = Environment.TickCount64;

    public DateTimeOffset ToWallClock(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(_epochMs + ms);

    public Guid Compose(long startedMs, TransactionHandle handle) => Unsafe.BitCast<(ulong, ulong), Guid>(ComposeWords(startedMs, handle));

    /// <summary>The same as two words as they lie in memory: in registers, where a <see cref="Guid"/> is copied from place to place.</summary>
    public (ulong Start, ulong End) ComposeWords(long startedMs, TransactionHandle handle)
    {
        ulong time = (ulong)(_epochMs + startedMs) & 0xFFFF_FFFF_FFFF;
        UInt128 payload = ((UInt128)_instance << (IndexBits + GenerationBits))
            | ((ulong)(uint)handle.Index << GenerationBits)
            | ((ulong)handle.Generation & ((1UL << GenerationBits) - 1));
        ulong upper = (time << 16) | 0x7000 | (ulong)(payload >> 62);
        ulong lower = 0x8000_0000_0000_0000 | ((ulong)payload & 0x3FFF_FFFF_FFFF_FFFF);
        return ToWords(upper, lower);
    }

    private static (ulong Start, ulong End) ToWords(ulong upper, ulong lower)
    {
        if (BitConverter.IsLittleEndian)
        {
            // A Guid keeps its first three fields in the machine's order and the last eight bytes as written.
            ulong fields = (upper >> 32) | ((upper & 0xFFFF_0000) << 16) | (upper << 48);
            return (fields, BinaryPrimitives.ReverseEndianness(lower));
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, upper);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], lower);
        return Unsafe.BitCast<Guid, (ulong, ulong)>(new Guid(bytes, bigEndian: true));
    }
}
