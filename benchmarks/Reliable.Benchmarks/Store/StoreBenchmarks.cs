using BenchmarkDotNet.Attributes;

namespace Reliable.Benchmarks.Store;

/// <summary>
/// Begin and commit of one transaction while others are open, by one thread and by two at once. The time is given to all alike: a call reads the clock for more than its
/// transaction. With two threads a row is the time between two of the same thread.
/// </summary>
[MemoryDiagnoser]
public class StoreBenchmarks
{
    private const int Operations = 20_000;

    private readonly Barrier _start = new(2);
    private readonly Barrier _end = new(2);
    private StoreOfTransactions _store = null!;
    private Thread? _other;
    private bool _isOver;

    [Params(64, 10_000, 1_000_000)]
    public int Open { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup(Target = nameof(Slots))]
    public void SetUpSlots() => SetUp(StoreKind.TransactionStore);

    [GlobalSetup(Target = nameof(DictionaryByLong))]
    public void SetUpDictionaryByLong() => SetUp(StoreKind.ConcurrentDictionaryByLong);

    [GlobalSetup(Target = nameof(DictionaryByGuid))]
    public void SetUpDictionaryByGuid() => SetUp(StoreKind.ConcurrentDictionaryByGuid);

    [GlobalSetup(Target = nameof(LockedDictionary))]
    public void SetUpLockedDictionary() => SetUp(StoreKind.LockAndDictionary);

    [Benchmark(OperationsPerInvoke = Operations, Description = "TransactionStore")]
    public bool Slots() => BeginAndCommit();

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations, Description = "ConcurrentDictionary<long, class>")]
    public bool DictionaryByLong() => BeginAndCommit();

    [Benchmark(OperationsPerInvoke = Operations, Description = "ConcurrentDictionary<Guid, class>")]
    public bool DictionaryByGuid() => BeginAndCommit();

    [Benchmark(OperationsPerInvoke = Operations, Description = "lock and Dictionary<long, class>")]
    public bool LockedDictionary() => BeginAndCommit();

    private void SetUp(StoreKind kind)
    {
        _store = StoreOfTransactions.Create(kind);
        for (int i = 0; i < Open; i++)
            _store.Open(0);

        if (Threads == 2)
        {
            _other = new Thread(RunBeside) { IsBackground = true };
            _other.Start();
        }
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _isOver = true;
        if (_other is not null)
        {
            _start.SignalAndWait();
            _other.Join();
        }
    }

    private bool BeginAndCommit()
    {
        if (Threads == 1)
            return Run();

        _start.SignalAndWait();
        bool areCommitted = Run();
        _end.SignalAndWait();
        return areCommitted;
    }

    private void RunBeside()
    {
        while (true)
        {
            _start.SignalAndWait();
            if (_isOver)
                return;

            Run();
            _end.SignalAndWait();
        }
    }

    private bool Run()
    {
        bool areCommitted = true;
        for (int i = 0; i < Operations; i++)
            areCommitted &= _store.BeginAndCommit(0);

        return areCommitted;
    }
}
