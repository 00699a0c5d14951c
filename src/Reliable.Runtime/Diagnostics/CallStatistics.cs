using Reliable.Diagnostics;

namespace Reliable;

/// <summary>What calls have come to since the start. Calls made while the rollout was off are not counted.</summary>
public sealed class CallStatistics
{
    private readonly long[] _counts;

    internal CallStatistics(string? model, long[] counts)
    {
        Model = model;
        _counts = counts;
    }

    /// <summary>The model; <see langword="null"/> for all calls together, or for those that name none.</summary>
    public string? Model { get; }

    /// <summary>Calls that ended, however they did.</summary>
    public long Requests => _counts.AsSpan(0, CallCounts.FirstRejection).ToArray().Sum();

    /// <summary>Those with a good answer, of the first or a later attempt.</summary>
    public long Succeeded => Of(CallOutcome.Success);

    /// <summary>Those with a good answer of the fallback.</summary>
    public long SucceededByFallback => Of(CallOutcome.Fallback);

    /// <summary>Those that ended with <see cref="RetriesExhaustedException"/> before anything was shown.</summary>
    public long Exhausted => Of(CallOutcome.Exhausted);

    /// <summary>Those the model's content filter refused.</summary>
    public long Refused => Of(CallOutcome.Refused);

    /// <summary>Those a quota denied.</summary>
    public long Denied => Of(CallOutcome.Denied);

    /// <summary>Those their caller ended.</summary>
    public long Cancelled => Of(CallOutcome.Cancelled);

    /// <summary>Those that ended with an exception that is not worth a retry.</summary>
    public long Failed => Of(CallOutcome.Error);

    /// <summary>Streams that failed, or turned out not to be valid, after part of them was shown.</summary>
    public long FailedLate => Of(CallOutcome.LateFailure) + Of(CallOutcome.LateRejection);

    /// <summary>Attempts after the first, without fallbacks.</summary>
    public long Retries => _counts[CallCounts.Retries];

    /// <summary>Attempts of the fallback, good or not.</summary>
    public long FallbackAttempts => _counts[CallCounts.FallbackSuccesses] + _counts[CallCounts.FallbackFailures];

    /// <summary>Answers that were rejected, by reason; reasons that did not occur are left out.</summary>
    public IReadOnlyDictionary<RejectionReason, long> Rejections
        => Enum.GetValues<RejectionReason>()
            .Select(reason => KeyValuePair.Create(reason, _counts[CallCounts.FirstRejection + (int)reason]))
            .Where(static entry => entry.Value > 0)
            .ToDictionary();

    private long Of(CallOutcome outcome) => _counts[(int)outcome];
}
