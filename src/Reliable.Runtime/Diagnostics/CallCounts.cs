namespace Reliable.Diagnostics;

/// <summary>What the calls of one model have come to since the start.</summary>
internal sealed class CallCounts(string? model)
{
    /// <summary>How many counters there are, in this order: outcomes, rejections by reason, and the rest.</summary>
    public const int Size = FirstOther + 6;

    public const int FirstRejection = (int)CallOutcome.LateRejection + 1;

    public const int Retries = FirstOther;
    public const int FallbackSuccesses = FirstOther + 1;
    public const int FallbackFailures = FirstOther + 2;
    public const int RetriedCalls = FirstOther + 3;
    public const int RetriedMs = FirstOther + 4;

    /// <summary>Calls whose first answer was good and whose transaction was committed with it: the most common end, counted once for both.</summary>
    public const int Settled = FirstOther + 5;

    private const int FirstOther = FirstRejection + (int)RejectionReason.ContentFilter + 1;

    private readonly StripedCounters _counters = new(Size);

    /// <summary>The model; <see langword="null"/> for calls that name none.</summary>
    public string? Model { get; } = model;

    public int Bytes => _counters.Bytes;

    public void Add(CallOutcome outcome) => _counters.Add((int)outcome);

    public void Add(RejectionReason reason) => _counters.Add(FirstRejection + (int)reason);

    public void Add(int counter, long amount = 1) => _counters.Add(counter, amount);

    public long Read(int counter) => _counters[counter];

    /// <summary>Adds every counter to a sum.</summary>
    public void AddTo(Span<long> sum)
    {
        for (int i = 0; i < Size; i++)
        {
            sum[i] += _counters[i];
        }

        sum[(int)CallOutcome.Success] += _counters[Settled];
    }
}
