using System.Buffers.Binary;
using Reliable.Infrastructure;

namespace Reliable.Transactions;

public sealed class TransactionIdentityTests
{
    private const uint Instance = 0xDEAD_BEEF;

    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(TransactionStore.MaxCapacity - 1, 0)]
    [InlineData(0, (1 << 20) - 1)]
    [InlineData(TransactionStore.MaxCapacity - 1, (1L << 61) - 1)]
    [InlineData(0x2A_5A5A, 0x5_A5A5)]
    public void Compose_WhenTakenApart_HasEveryFieldInItsPlace(int index, long generation)
    {
        var identity = new TransactionIdentity(Instance, _clock);
        Guid id = identity.Compose(1_234, new TransactionHandle(index, generation));

        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        ulong upper = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        ulong lower = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        Assert.Equal(7, id.Version);
        Assert.InRange(id.Variant, 0x8, 0xB);
        Assert.Equal((ulong)_clock.GetUtcNow().ToUnixTimeMilliseconds() + 1_234, upper >> 16);

        UInt128 payload = ((UInt128)(upper & 0xFFF) << 62) | (lower & 0x3FFF_FFFF_FFFF_FFFF);
        Assert.Equal(Instance, (uint)(payload >> 42));
        Assert.Equal(index, (int)((ulong)(payload >> 20) & 0x3F_FFFF));
        Assert.Equal(generation & 0xF_FFFF, (long)((ulong)payload & 0xF_FFFF));
    }

    [Fact]
    public void Compose_WhenTimeGoesOn_IsOrderedAsTextAndAsBytes()
    {
        var identity = new TransactionIdentity(Instance, _clock);
        string[] texts = [.. Enumerable.Range(0, 10_000).Select(ms => TransactionIds.Format(identity.Compose(ms, new TransactionHandle(10_000 - ms, 10_000 - ms))))];

        Assert.Equal(texts.Order(StringComparer.Ordinal), texts);
    }

    [Fact]
    public void IdOf_WhenAMillionBeganInOneSlotWithinOneMillisecond_IsNeverTheSame()
    {
        const int Count = 1_000_000;
        var store = new TransactionStore(_clock);
        var quota = new Quota("u1", "requests");
        var ids = new HashSet<Guid>(Count);
        var slots = new HashSet<int>();
        for (int i = 0; i < Count; i++)
        {
            store.TryBegin(quota, 1, 0, 1_000, out TransactionHandle handle);
            ids.Add(store.IdOf(handle));
            slots.Add(handle.Index);
            store.TryClaimCommit(handle, 0);
            store.Release(handle);
        }

        Assert.Equal(Count, ids.Count);
        Assert.Single(slots);
    }

    [Fact]
    public void IdOf_WhenManyAreOpenInTwoStores_IsNeverTheSame()
    {
        const int Count = 100_000;
        TransactionStore[] stores = [new TransactionStore(_clock), new TransactionStore(_clock)];
        var quota = new Quota("u1", "requests");
        var ids = new HashSet<Guid>();
        for (int i = 0; i < Count; i++)
        {
            stores[i & 1].TryBegin(quota, 1, 0, 1_000, out TransactionHandle handle);
            ids.Add(stores[i & 1].IdOf(handle));
        }

        Assert.Equal(Count, ids.Count);
    }

    [Fact]
    public void IdOf_WhenClaimed_IsWhatItWasBefore()
    {
        var store = new TransactionStore(_clock);
        _clock.Advance(TimeSpan.FromMilliseconds(77));
        store.TryBegin(new Quota("u1", "requests"), 1, store.NowMs, 1_000, out TransactionHandle handle);
        Guid before = store.IdOf(handle);
        _clock.Advance(TimeSpan.FromMilliseconds(500));
        store.TryClaimCommit(handle, store.NowMs);

        Assert.Equal(before, store.IdOf(handle));
    }
}
