using System.Collections.Concurrent;
using BenchmarkDotNet.Attributes;
using Reliable.Transactions;

namespace Reliable.Benchmarks.Store;

/// <summary>
/// Begin and commit of one transaction while others are open. The time is given to all alike: a call reads the clock for more than its transaction.
/// </summary>
[MemoryDiagnoser]
public class StoreBenchmarks
{
    private const int TimeToLiveMs = 300_000;

    private readonly Lock _lock = new();
    private readonly Quota _quota = new("u1", "requests");
    private TransactionStore _store = null!;
    private ConcurrentDictionary<long, OpenTransaction> _byNumber = null!;
    private ConcurrentDictionary<Guid, OpenTransaction> _byGuid = null!;
    private Dictionary<long, OpenTransaction> _locked = null!;
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;
    private ConcurrentDictionary<long, FullTransaction> _full = null!;
    private long _nowMs;
    private long _last;

    [Params(64, 10_000)]
    public int Open { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _store = new TransactionStore(TimeProvider.System);
        _nowMs = _store.NowMs;
        _byNumber = new();
        _full = new();
        _byGuid = new();
        _locked = [];
        for (int i = 0; i < Open; i++)
        {
            _store.TryBegin(_quota, 1, _store.NowMs, TimeToLiveMs, out _);
            _byNumber.TryAdd(++_last, NewTransaction());
            _full.TryAdd(_last, NewFullTransaction(_last));
            _byGuid.TryAdd(Guid.NewGuid(), NewTransaction());
            _locked.Add(_last, NewTransaction());
        }
    }

    [Benchmark(Description = "TransactionStore")]
    public bool Slots()
    {
        _store.TryBegin(_quota, 1, _nowMs, TimeToLiveMs, out TransactionHandle handle);
        bool isCommitted = _store.TryClaimCommit(handle, _nowMs) == ClaimOutcome.Claimed;
        _store.Release(handle);
        return isCommitted;
    }

    [Benchmark(Baseline = true, Description = "ConcurrentDictionary<long, class>")]
    public bool DictionaryByNumber()
    {
        long id = Interlocked.Increment(ref _last);
        _byNumber.TryAdd(id, NewTransaction());
        return _byNumber.TryRemove(id, out _);
    }

    [Benchmark(Description = "the same, class with all of UsageTransaction")]
    public bool FullByNumber()
    {
        long id = Interlocked.Increment(ref _last);
        _full.TryAdd(id, NewFullTransaction(id));
        return _full.TryRemove(id, out _);
    }

    [Benchmark(Description = "ConcurrentDictionary<Guid, class>")]
    public bool DictionaryByGuid()
    {
        var id = Guid.NewGuid();
        _byGuid.TryAdd(id, NewTransaction());
        return _byGuid.TryRemove(id, out _);
    }

    [Benchmark(Description = "lock and Dictionary<long, class>")]
    public bool LockedDictionary()
    {
        long id;
        lock (_lock)
            _locked.Add(id = ++_last, NewTransaction());
        lock (_lock)
            return _locked.Remove(id);
    }

    private OpenTransaction NewTransaction() => new(_quota, 1, _nowMs + TimeToLiveMs);

    private FullTransaction NewFullTransaction(long id) => new(id, "u1", "requests", 1, _now, _now.AddMilliseconds(TimeToLiveMs));

    // The least that can be committed, rolled back and expired.
    private sealed record OpenTransaction(Quota Quota, int Amount, long Deadline);

    private sealed record FullTransaction(long Id, string UserId, string Counter, int Amount, DateTimeOffset StartedAt, DateTimeOffset ExpiresAt);
}
