using BenchmarkDotNet.Attributes;

namespace Reliable.Benchmarks.Store;

/// <summary>A million transactions begun and left open: what is allocated, growing included, is what an open one takes at most.</summary>
[MemoryDiagnoser]
public class StoreOpeningBenchmarks
{
    private const int Open = 1_000_000;

    [ParamsAllValues]
    public StoreKind Store { get; set; }

    [Benchmark(OperationsPerInvoke = Open)]
    public object Begin()
    {
        StoreOfTransactions store = StoreOfTransactions.Create(Store);
        for (int i = 0; i < Open; i++)
            store.Open(0);

        return store;
    }
}
