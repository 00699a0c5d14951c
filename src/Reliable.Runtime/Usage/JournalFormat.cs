using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Reliable.Usage;

/// <summary>
/// The records of the journal: length (4 bytes, of what follows the checksum), checksum (4, CRC-32C of the same), then a kind (1), the transaction id (16) and,
/// for a charge, its amount (4), the day it was first tried (4, days since 0001-01-01, or -1), user and counter (4 bytes of length each, UTF-8). Little endian.
/// </summary>
internal static class JournalFormat
{
    private const int HeaderSize = 8;
    private const byte ChargeKind = 1;
    private const byte SettledKind = 2;

    public static void WriteCharge(ArrayBufferWriter<byte> output, in Charge charge, DateOnly? day)
    {
        int users = Encoding.UTF8.GetByteCount(charge.UserId);
        int counters = Encoding.UTF8.GetByteCount(charge.Counter);
        int length = 1 + 16 + 4 + 4 + 4 + users + 4 + counters;
        Span<byte> body = output.GetSpan(HeaderSize + length).Slice(HeaderSize, length);
        body[0] = ChargeKind;
        charge.TransactionId.TryWriteBytes(body[1..]);
        BinaryPrimitives.WriteInt32LittleEndian(body[17..], charge.Amount);
        BinaryPrimitives.WriteInt32LittleEndian(body[21..], day?.DayNumber ?? -1);
        BinaryPrimitives.WriteInt32LittleEndian(body[25..], users);
        Encoding.UTF8.GetBytes(charge.UserId, body[29..]);
        BinaryPrimitives.WriteInt32LittleEndian(body[(29 + users)..], counters);
        Encoding.UTF8.GetBytes(charge.Counter, body[(33 + users)..]);
        Finish(output, length);
    }

    public static void WriteSettled(ArrayBufferWriter<byte> output, Guid transactionId)
    {
        const int Length = 17;
        Span<byte> body = output.GetSpan(HeaderSize + Length).Slice(HeaderSize, Length);
        body[0] = SettledKind;
        transactionId.TryWriteBytes(body[1..]);
        Finish(output, Length);
    }

    /// <summary>What is still open in a journal. A record that is torn or damaged ends the reading: what was written after it never left the process.</summary>
    /// <param name="journal">The whole journal.</param>
    /// <param name="read">How many of its bytes were records; fewer than all when it ends in a damaged one.</param>
    public static Dictionary<Guid, (Charge Charge, DateOnly? Day)> ReadOpen(ReadOnlySpan<byte> journal, out int read)
    {
        int length = journal.Length;
        var open = new Dictionary<Guid, (Charge, DateOnly?)>();
        while (TryReadBody(ref journal, out ReadOnlySpan<byte> body))
        {
            var id = new Guid(body.Slice(1, 16));
            if (body[0] == SettledKind)
            {
                open.Remove(id);
                continue;
            }

            int day = BinaryPrimitives.ReadInt32LittleEndian(body[21..]);
            int users = BinaryPrimitives.ReadInt32LittleEndian(body[25..]);
            var charge = new Charge(
                id,
                Encoding.UTF8.GetString(body.Slice(29, users)),
                Encoding.UTF8.GetString(body[(33 + users)..]),
                BinaryPrimitives.ReadInt32LittleEndian(body[17..]));
            open[id] = (charge, day < 0 ? null : DateOnly.FromDayNumber(day));
        }

        read = length - journal.Length;
        return open;
    }

    private static bool TryReadBody(ref ReadOnlySpan<byte> journal, out ReadOnlySpan<byte> body)
    {
        body = default;
        if (journal.Length < HeaderSize)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(journal);
        if (length < 17 || length > journal.Length - HeaderSize)
        {
            return false;
        }

        body = journal.Slice(HeaderSize, length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(journal[4..]) != Checksum(body))
        {
            return false;
        }

        journal = journal[(HeaderSize + length)..];
        return true;
    }

    private static void Finish(ArrayBufferWriter<byte> output, int length)
    {
        Span<byte> record = output.GetSpan(HeaderSize + length)[..(HeaderSize + length)];
        BinaryPrimitives.WriteInt32LittleEndian(record, length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Checksum(record[HeaderSize..]));
        output.Advance(record.Length);
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
