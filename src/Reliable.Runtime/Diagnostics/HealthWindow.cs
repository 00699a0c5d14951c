namespace Reliable.Diagnostics;

/// <summary>The sums that rates are made of, over a sliding window: of one model's calls, of all calls, or of all calls and the transactions.</summary>
internal sealed class HealthWindow(long nowMs)
{
    public const int Committed = 5;
    public const int RolledBack = 6;
    public const int CommitFailures = 7;
    public const int Size = 8;

    private const int Calls = 0;
    private const int Retries = 1;
    private const int Rejections = 2;
    private const int RetriedCalls = 3;
    private const int RetriedMs = 4;

    private readonly SlidingWindow _window = new(Size, nowMs);

    /// <summary>What happened since the start of the window, as sums; after noting where they stand now.</summary>
    /// <param name="nowMs">Now.</param>
    /// <param name="windowMs">The length of the window.</param>
    /// <param name="counts">What <see cref="CallCounts"/> has come to.</param>
    /// <param name="transactions">What the transactions have come to; <see langword="null"/> for the window of a model.</param>
    /// <param name="sums">Takes the sums.</param>
    public void Read(long nowMs, long windowMs, ReadOnlySpan<long> counts, RuntimeCounts? transactions, Span<long> sums)
    {
        Fill(counts, transactions, sums);
        _window.Note(nowMs, windowMs, sums);
        _window.Subtract(nowMs, windowMs, sums);
    }

    public static ModelHealth ToHealth(string? model, ReadOnlySpan<long> sums)
        => new(
            model,
            sums[Calls],
            sums[Retries],
            sums[Rejections],
            sums[RetriedCalls],
            sums[RetriedCalls] > 0 ? TimeSpan.FromMilliseconds(sums[RetriedMs] / (double)sums[RetriedCalls]) : TimeSpan.Zero);

    private static void Fill(ReadOnlySpan<long> counts, RuntimeCounts? transactions, Span<long> sums)
    {
        sums.Clear();
        for (int outcome = 0; outcome < CallCounts.FirstRejection; outcome++)
        {
            sums[Calls] += outcome == (int)CallOutcome.Denied ? 0 : counts[outcome];
        }

        for (int reason = CallCounts.FirstRejection; reason < CallCounts.Retries; reason++)
        {
            sums[Rejections] += counts[reason];
        }

        sums[Retries] = counts[CallCounts.Retries];
        sums[RetriedCalls] = counts[CallCounts.RetriedCalls];
        sums[RetriedMs] = counts[CallCounts.RetriedMs];
        if (transactions is not null)
        {
            sums[Committed] = transactions.Read(RuntimeCounts.Committed);
            sums[RolledBack] = transactions.Read(RuntimeCounts.RolledBack);
            sums[CommitFailures] = transactions.Read(RuntimeCounts.CommitFailures);
        }
    }
}
