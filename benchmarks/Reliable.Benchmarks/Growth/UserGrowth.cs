using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Reliable.Benchmarks.Growth;

/// <summary>
/// What a call costs by the number of users, who call in an order without one: when their counts are recent, and when each of them has to be read again. Beside it what the
/// order costs in any case: one look-up in a dictionary that knows nothing but these users, and an addition to what it finds.
/// </summary>
internal sealed class UserGrowth : IAsyncDisposable
{
    private const int Calls = 1_000_000;

    private readonly GrowthClock _clock = new();
    private readonly ReliableRuntime _reliable;
    private readonly GrowthModel _model;
    private readonly string[] _users;

    private UserGrowth(string[] users)
    {
        _reliable = ReliableRuntime.Create(static options => options.Rollout.Mode = RolloutMode.On, store: null, _clock);
        _model = new GrowthModel(_reliable);
        _users = users;
    }

    public static async Task<FormattableString> MeasureAsync(string[] users)
    {
        await using var growth = new UserGrowth(users);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        await growth.CallAsync(users.Length);
        long bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / users.Length;
        Random.Shared.Shuffle(users);
        await growth.CallAsync(Calls);
        Cost recent = await Cost.OfAsync(() => growth.CallAsync(Calls), Calls);
        Cost again = await Cost.OfAsync(growth.CallAgedAsync, Calls);
        Cost bare = Bare(users);
        string known = users.Length < 10_000 ? "" : FormattableString.Invariant($"{bytes:N0}");
        return $"| {users.Length:N0} | {recent.Ns:N0} | {bare.Ns:N0} | {again.Ns:N0} | {again.PausedNs:N0} | {again.Bytes:N0} | {known} |\n";
    }

    public ValueTask DisposeAsync() => _reliable.DisposeAsync();

    private async Task CallAsync(int calls)
    {
        for (int i = 0; i < calls; i++)
            await _model.AskAsync(_users[i % _users.Length]);
    }

    // Once around, and all counts are too old.
    private async Task CallAgedAsync()
    {
        for (int calls = 0; calls < Calls; calls += _users.Length)
        {
            _clock.Age();
            await CallAsync(Math.Min(_users.Length, Calls - calls));
        }
    }

    private static Cost Bare(string[] users)
    {
        var counts = new ConcurrentDictionary<string, StrongBox<long>>();
        foreach (string user in users.Order())
            counts[user] = new StrongBox<long>();
        Count(counts, users);
        return Cost.Of(() => Count(counts, users), Calls);
    }

    private static void Count(ConcurrentDictionary<string, StrongBox<long>> counts, string[] users)
    {
        for (int i = 0; i < Calls; i++)
            Interlocked.Increment(ref counts[users[i % users.Length]].Value);
    }
}
