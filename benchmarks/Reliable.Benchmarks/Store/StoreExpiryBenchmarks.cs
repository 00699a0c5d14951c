using BenchmarkDotNet.Attributes;

namespace Reliable.Benchmarks.Store;

/// <summary>Passes of expiry over a million transactions: one that finds nothing due, and one that expires all.</summary>
[MemoryDiagnoser]
public class StoreExpiryBenchmarks
{
    private const int Open = 1_000_000;

    private StoreOfTransactions _store = null!;

    [ParamsAllValues]
    public StoreKind Store { get; set; }

    [IterationSetup]
    public void SetUp()
    {
        _store = StoreOfTransactions.Create(Store);
        for (int i = 0; i < Open; i++)
            _store.Open(0);

        _store.Expire(1);
    }

    [Benchmark]
    public int NothingIsDue() => _store.Expire(2);

    [Benchmark]
    public int AllAreDue() => _store.Expire(300_001);
}
