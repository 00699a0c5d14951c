using System.Buffers.Binary;

namespace Reliable.Usage;

/// <summary>How old a charge may be to be sent again, and to be forgotten by the ledger: whatever is forgotten would be counted a second time.</summary>
internal static class LedgerAge
{
    /// <summary>
    /// Between the oldest charge that is sent again and the youngest that is forgotten, so that a charge that is replayed just in time does not meet the
    /// purge on its way, and a clock that is some hours wrong does no harm.
    /// </summary>
    public static readonly TimeSpan Margin = TimeSpan.FromDays(1);

    /// <summary>Whether a charge of a journal may have been forgotten by the ledger.</summary>
    /// <param name="charge">The charge.</param>
    /// <param name="day">The day it was first tried; without one the time in its id decides.</param>
    /// <param name="clock">The store's clock.</param>
    /// <param name="retention">How long the ledger remembers charges.</param>
    public static bool IsTooOld(in Charge charge, DateOnly? day, StoreClock clock, TimeSpan retention)
    {
        if (day is { } first)
            return clock.Day.DayNumber - first.DayNumber > (int)Math.Ceiling(retention.TotalDays);
        return TimeOf(charge.TransactionId) is { } begun && clock.Now - begun > retention;
    }

    // An id of another version has no time in it; the library makes none.
    private static DateTimeOffset? TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return bytes[6] >> 4 == 7
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16))
            : null;
    }
}
