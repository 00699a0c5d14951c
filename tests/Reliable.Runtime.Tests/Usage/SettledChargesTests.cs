namespace Reliable.Usage;

public sealed class SettledChargesTests
{
    [Fact]
    public void AddAndFind_BeyondTheCapacity_RemembersExactlyTheLastOnes()
    {
        var settled = new SettledCharges();
        var model = new Dictionary<Guid, bool>();
        var order = new Queue<Guid>();
        var random = new Random(7);
        for (int i = 0; i < 5 * SettledCharges.Capacity; i++)
        {
            byte[] bytes = new byte[16];
            random.NextBytes(bytes);
            var id = new Guid(bytes);
            bool isRefunded = random.Next(2) == 0;
            settled.Add(ChargeOf(id), new DateOnly(2026, 3, 10), isRefunded);
            model[id] = isRefunded;
            order.Enqueue(id);
            if (order.Count > SettledCharges.Capacity)
            {
                Guid forgotten = order.Dequeue();
                model.Remove(forgotten);
                Assert.False(settled.TryFind(forgotten, out _));
            }

            if (i % 16_000 == 0)
            {
                AssertSame(settled, model);
            }
        }

        AssertSame(settled, model);
    }

    [Fact]
    public void AddAndFind_OfCollidingIds_KeepsThemApart()
    {
        // A Guid's hash is an exclusive or of its parts: these all have the same.
        var settled = new SettledCharges();
        Guid[] ids = [.. Enumerable.Range(1, 3_000).Select(i => new Guid(i, 0, 0, [.. BitConverter.GetBytes(i), 0, 0, 0, 0]))];
        Assert.True(ids.Select(id => id.GetHashCode()).Distinct().Count() < 10);
        foreach (Guid id in ids)
        {
            settled.Add(ChargeOf(id), default, isRefunded: false);
        }

        Assert.All(ids, id => Assert.True(settled.TryFind(id, out _)));
        for (int i = 0; i < SettledCharges.Capacity - 1_500; i++)
        {
            settled.Add(ChargeOf(Guid.CreateVersion7()), default, isRefunded: false);
        }

        Assert.Equal(1_500, ids.Count(id => settled.TryFind(id, out _)));
        Assert.True(settled.TryFind(ids[^1], out _));
    }

    private static void AssertSame(SettledCharges settled, Dictionary<Guid, bool> model)
    {
        foreach ((Guid id, bool isRefunded) in model)
        {
            Assert.True(settled.TryFind(id, out int number));
            Assert.Equal(isRefunded, settled[number].IsRefunded);
        }
    }

    private static Charge ChargeOf(Guid id) => new(id, "u1", "requests", 1);
}
