using Reliable;

namespace ChatQuota.Telemetry;

/// <summary>What the live page shows.</summary>
internal sealed record LiveNumbers(
    LiveHealth Health,
    long Requests,
    long InProgress,
    IReadOnlyList<LiveCount> Outcomes,
    long Retries,
    IReadOnlyList<LiveCount> Rejections,
    LiveCharges Charges,
    IReadOnlyList<LivePhase> Phases,
    double BudgetMs,
    IReadOnlyList<LiveModel> Models)
{
    private const string Overhead = "reliable.overhead";

    // Milliseconds that the library may add to a call: 27 in all.
    private static readonly (string Name, double BudgetMs)[] s_phases = [("begin", 5), ("validate", 2), ("commit", 20)];

    public static LiveNumbers Of(ReliableRuntime reliable, MetricStore store)
    {
        ReliableStatistics statistics = reliable.Statistics;
        ReliableHealth health = reliable.Health;
        CallStatistics calls = statistics.Calls;
        MetricSeries[] overhead = [.. store.Collect().Where(static metric => metric.Instrument.Name == Overhead).SelectMany(static metric => metric.Series)];
        return new LiveNumbers(
            LiveHealth.Of(health),
            calls.Requests,
            statistics.ActiveTransactions,
            Endings(calls),
            calls.Retries,
            [.. calls.Rejections.OrderByDescending(static entry => entry.Value).Select(static entry => new LiveCount(Words(entry.Key), entry.Value))],
            new LiveCharges(
                statistics.Committed, statistics.RolledBack, statistics.Refunded, statistics.Expired, statistics.CommitFailures, statistics.JournaledCharges),
            AllPhases(overhead),
            s_phases.Sum(static phase => phase.BudgetMs),
            [.. statistics.Models.Select(model => LiveModel.Of(model, health))]);
    }

    private static List<LivePhase> AllPhases(MetricSeries[] overhead)
    {
        List<LivePhase> phases = [.. s_phases.Select(phase => LivePhase.Of(phase.Name, phase.BudgetMs, overhead))];

        // Of each phase 99 of 100 are within theirs; all three of a call seldom are at once.
        phases.Add(new LivePhase(
            "together, at most",
            phases.Sum(static phase => phase.BudgetMs),
            phases.Min(static phase => phase.Count),
            phases.Sum(static phase => phase.P50Ms),
            phases.Sum(static phase => phase.P99Ms)));
        return phases;
    }

    private static List<LiveCount> Endings(CallStatistics calls)
    {
        LiveCount[] all =
        [
            new("Good answer", calls.Succeeded),
            new("Good answer of the last resort", calls.SucceededByFallback),
            new("No good answer", calls.Exhausted),
            new("Refused by the model", calls.Refused),
            new("Over the limit", calls.Denied),
            new("Left by the user", calls.Cancelled),
            new("Failed", calls.Failed),
            new("Failed while shown", calls.FailedLate),
        ];
        return [.. all.Where(static outcome => outcome.Count > 0)];
    }

    private static string Words(RejectionReason reason) => reason switch
    {
        RejectionReason.NoAssistantMessage => "No assistant message",
        RejectionReason.EmptyResponse => "Empty",
        RejectionReason.WhitespaceOnly => "White space only",
        RejectionReason.ToolCallsWithoutText => "Tool calls without text",
        RejectionReason.ToolOutputWithoutText => "Tool output without text",
        RejectionReason.InsufficientText => "Too short",
        RejectionReason.ContentFilter => "Content filter",
        _ => "Own rule",
    };
}
