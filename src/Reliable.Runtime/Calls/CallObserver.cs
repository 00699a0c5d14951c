using Reliable.Diagnostics;
using Reliable.Retry;

namespace Reliable.Calls;

/// <summary>Says, and counts, what Reliable would have done with a call that it only observes.</summary>
internal static class CallObserver
{
    /// <summary>The answer was judged.</summary>
    /// <param name="policy">The call's policy.</param>
    /// <param name="context">The call.</param>
    /// <param name="verdict">The verdict.</param>
    /// <param name="hasFallback">Whether the method has a fallback.</param>
    /// <param name="wasShown">Whether it is a stream whose reader has seen part of it already, so that nothing can be retried.</param>
    public static void Judged(BoundPolicy policy, CallContext context, ValidationResult verdict, bool hasFallback, bool wasShown = false)
    {
        if (verdict.IsValid)
        {
            Count(policy, context, ObservedVerdict.Accepted);
            return;
        }

        string reason = LogText.Clean(verdict.Message);
        (ObservedVerdict observed, string would) = verdict.Reason == RejectionReason.ContentFilter
            ? (ObservedVerdict.Refused, "be returned as it is, and not charged: ")
            : wasShown
                ? (ObservedVerdict.Rejected, "be rejected after it was shown, and not charged: ")
                : HasNext(policy, hasFallback)
                    ? (ObservedVerdict.Retried, "be retried, and not charged for this attempt: ")
                    : (ObservedVerdict.Rejected, "be rejected, and not charged: ");
        Log.InvalidResponse(policy.Runtime.Logger, reason, verdict.Metrics.TotalTextLength, verdict.Metrics.AssistantMessageCount);
        policy.Instruments.Rejected(policy.Operation, context.ModelId, verdict.Reason);
        Report(policy, context, observed, would + reason);
    }

    /// <summary>The model failed.</summary>
    /// <param name="policy">The call's policy.</param>
    /// <param name="context">The call.</param>
    /// <param name="exception">What it threw.</param>
    /// <param name="hasFallback">Whether the method has a fallback.</param>
    /// <param name="caller">The caller's token.</param>
    /// <param name="wasShown">Whether it is a stream whose reader has seen part of it already, so that nothing can be retried.</param>
    public static void Failed(
        BoundPolicy policy, CallContext context, Exception exception, bool hasFallback, CancellationToken caller, bool wasShown = false)
    {
        bool isRetried = !wasShown && HasNext(policy, hasFallback) && TransientErrors.IsTransient(exception, policy.Retry.ShouldRetry, caller);
        if (isRetried)
        {
            Report(policy, context, ObservedVerdict.Retried, "be retried, and not charged for this attempt: " + TransientErrors.Describe(exception));
        }
        else
        {
            Report(policy, context, ObservedVerdict.Failed, "fail as it did, and not be charged");
        }
    }

    /// <summary>The application's own validator failed: whoever only observes changes nothing, not even then.</summary>
    public static void ValidatorFailed(BoundPolicy policy, CallContext context, Exception exception)
        => Report(policy, context, ObservedVerdict.Failed, $"fail with {exception.GetType().Name} of its validator, and not be charged");

    /// <summary>The reader of a stream left before a valid answer.</summary>
    public static void Left(BoundPolicy policy, CallContext context)
        => Report(policy, context, ObservedVerdict.Left, "not be charged: its reader left before a valid answer");

    private static bool HasNext(BoundPolicy policy, bool hasFallback)
        => policy.HasRetry && (policy.Retry.MaxAttempts > 1 || (hasFallback && policy.Retry.EnableFallback));

    private static void Report(BoundPolicy policy, CallContext context, ObservedVerdict verdict, string would)
    {
        Log.Observed(policy.Runtime.Logger, policy.Operation, context.LogId(policy), LogText.Clean(would));
        Count(policy, context, verdict);
    }

    private static void Count(BoundPolicy policy, CallContext context, ObservedVerdict verdict)
    {
        int charged = policy.Quotas is null ? 0 : policy.Amount;
        policy.Runtime.Observed.Add(verdict == ObservedVerdict.Accepted, verdict == ObservedVerdict.Retried, charged);
        policy.Instruments.Observed(policy.Operation, context.ModelId, NameOf(verdict));
        if (verdict != ObservedVerdict.Accepted && charged > 0)
        {
            policy.Instruments.WouldNotCharge(policy.Operation, context.ModelId, NameOf(verdict), charged);
        }
    }

    private static string NameOf(ObservedVerdict verdict) => verdict switch
    {
        ObservedVerdict.Accepted => "accepted",
        ObservedVerdict.Retried => "retried",
        ObservedVerdict.Rejected => "rejected",
        ObservedVerdict.Refused => "refused",
        ObservedVerdict.Left => "left",
        _ => "failed",
    };
}
