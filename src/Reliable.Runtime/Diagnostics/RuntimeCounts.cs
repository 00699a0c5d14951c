using System.Collections.Concurrent;

namespace Reliable.Diagnostics;

/// <summary>
/// Everything that happened in one runtime since its start, as plain sums: what <see cref="ReliableStatistics"/> shows and what the sliding windows are the
/// differences of. Always on, so it allocates nothing and waits for nobody.
/// </summary>
internal sealed class RuntimeCounts
{
    /// <summary>The most models that are told apart; calls of further ones count for <see cref="OtherModels"/>. A name from a request cannot fill the memory.</summary>
    public const int MaxModels = 64;

    public const string OtherModels = "other";

    public const int Committed = 0;
    public const int RolledBack = 1;
    public const int CommitFailures = 2;
    public const int Expired = 3;
    public const int Refunded = 4;
    public const int Size = 5;

    private const int Recent = 4;

    private readonly StripedCounters _transactions = new(Size);
    private readonly CallCounts _unnamed = new(null);
    private readonly ConcurrentDictionary<string, CallCounts> _models = new(StringComparer.Ordinal);

    // The first few models are found by comparing references: an application passes the same string again and again.
    private readonly CallCounts?[] _recent = new CallCounts?[Recent];

    /// <summary>Calls that name no model.</summary>
    public CallCounts Unnamed => _unnamed;

    /// <summary>Calls by model, in no order.</summary>
    public ICollection<CallCounts> Models => _models.Values;

    /// <summary>How many bytes the counters take.</summary>
    public long Bytes => _transactions.Bytes + ((_models.Count + 1L) * _unnamed.Bytes);

    public CallCounts Of(string? model)
    {
        if (model is null)
        {
            return _unnamed;
        }

        foreach (CallCounts? recent in _recent)
        {
            if (recent is null)
            {
                break;
            }

            if (ReferenceEquals(recent.Model, model))
            {
                return recent;
            }
        }

        return _models.TryGetValue(model, out CallCounts? counts) ? counts : Add(model);
    }

    public void Add(int counter, long amount = 1) => _transactions.Add(counter, amount);

    public long Read(int counter)
    {
        long sum = _transactions[counter];
        if (counter == Committed)
        {
            sum += _unnamed.Read(CallCounts.Settled);
            foreach ((_, CallCounts counts) in _models)
            {
                sum += counts.Read(CallCounts.Settled);
            }
        }

        return sum;
    }

    /// <summary>The sum over all models.</summary>
    public void ReadCalls(Span<long> sum)
    {
        sum.Clear();
        _unnamed.AddTo(sum);
        foreach ((_, CallCounts counts) in _models)
        {
            counts.AddTo(sum);
        }
    }

    private CallCounts Add(string model)
    {
        if (_models.Count >= MaxModels)
        {
            model = OtherModels;
        }

        CallCounts added = _models.GetOrAdd(model, static name => new CallCounts(name));
        for (int i = 0; i < Recent; i++)
        {
            if (Interlocked.CompareExchange(ref _recent[i], added, null) is not { } taken || ReferenceEquals(taken, added))
            {
                break;
            }
        }

        return added;
    }
}
