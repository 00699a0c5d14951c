using System.Collections.Concurrent;
using Reliable.Infrastructure;

namespace Reliable.Usage;

/// <summary>
/// A database that does what the test says: it counts like a real one, and may fail before or after it did, or not answer. The counting itself is the memory
/// store's, so that ids are known and limits hold.
/// </summary>
internal sealed class FakeUsageStore(TimeProvider? time = null, int maxBatchSize = 64) : IUsageStore
{
    private readonly MemoryUsageStore _counters = new(time);
    private readonly ConcurrentQueue<Func<StoreCall, Task>> _script = new();
    private readonly ConcurrentQueue<StoreCall> _calls = new();

    public string Name => "FakeSQL";

    public int MaxBatchSize => maxBatchSize;

    /// <summary>What happens on every settle for which the script has nothing.</summary>
    public Func<StoreCall, Task> Settles { get; set; } = static call => call.Apply();

    /// <summary>Whose rows somebody else holds.</summary>
    public Func<Charge, bool> IsHeld { get; set; } = static _ => false;

    public Func<Task> Initializes { get; set; } = static () => Task.CompletedTask;

    public Func<CancellationToken, Task> Reads { get; set; } = static _ => Task.CompletedTask;

    /// <summary>What happens before a refund is applied.</summary>
    public Func<Task> Refunds { get; set; } = static () => Task.CompletedTask;

    public int Readings { get; private set; }

    public int Initializations { get; private set; }

    public IReadOnlyList<StoreCall> Calls => [.. _calls];

    public FakeUsageStore Next(Func<StoreCall, Task> step)
    {
        _script.Enqueue(step);
        return this;
    }

    public FakeUsageStore Fails(int times, Func<Exception> exception)
    {
        for (int i = 0; i < times; i++)
        {
            Next(_ => Task.FromException(exception()));
        }

        return this;
    }

    public async ValueTask InitializeAsync(UsageTerms terms, CancellationToken cancellationToken)
    {
        Initializations++;
        await Initializes();
    }

    public async ValueTask<UsageReading> ReadAsync(string userId, string counter, UsageTerms terms, CancellationToken cancellationToken)
    {
        Readings++;
        await Reads(cancellationToken);
        return await _counters.ReadAsync(userId, counter, terms, cancellationToken);
    }

    /// <summary>What was really counted.</summary>
    public async Task<long> UsedAsync(string userId, string counter = "requests")
        => (await _counters.ReadAsync(userId, counter, UsageTerms.Default, CancellationToken.None)).Used;

    public async ValueTask SettleAsync(
        ReadOnlyMemory<Charge> charges, Memory<ChargeResult> results, UsageTerms terms, CancellationToken cancellationToken)
    {
        var call = new StoreCall(
            [.. charges.Span], terms, () => SettleFreeAsync(charges, results, terms, cancellationToken), cancellationToken);
        _calls.Enqueue(call);
        await (_script.TryDequeue(out Func<StoreCall, Task>? step) ? step(call) : Settles(call));
    }

    public async ValueTask<RefundResult> RefundAsync(Charge charge, UsageTerms terms, CancellationToken cancellationToken)
    {
        await Refunds();
        return await _counters.RefundAsync(charge, terms, cancellationToken);
    }

    public ValueTask SetLimitAsync(string userId, string counter, long? limit, CancellationToken cancellationToken)
        => _counters.SetLimitAsync(userId, counter, limit, cancellationToken);

    public StoreFailure Classify(Exception exception) => exception switch
    {
        PoisonException => StoreFailure.Permanent,
        LockHeldException => StoreFailure.Contended,
        TimeoutException => StoreFailure.Unknown,
        _ => StoreFailure.NotApplied,
    };

    public ValueTask DisposeAsync() => default;

    private async Task SettleFreeAsync(ReadOnlyMemory<Charge> charges, Memory<ChargeResult> results, UsageTerms terms, CancellationToken cancellationToken)
    {
        Func<Charge, bool> isHeld = IsHeld;
        int[] free = [.. Enumerable.Range(0, charges.Length).Where(i => !isHeld(charges.Span[i]))];
        if (free.Length < charges.Length && !terms.SkipHeld)
            throw new LockHeldException();
        var settled = new ChargeResult[free.Length];
        await _counters.SettleAsync(free.Select(i => charges.Span[i]).ToArray(), settled, terms, cancellationToken);
        results.Span[..charges.Length].Fill(new ChargeResult(ChargeOutcome.Contended, 0, null));
        for (int i = 0; i < free.Length; i++)
            results.Span[free[i]] = settled[i];
    }
}
