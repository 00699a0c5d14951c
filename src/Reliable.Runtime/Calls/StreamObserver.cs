using Reliable.Diagnostics;
using Reliable.Retry;
using Reliable.Streaming;

namespace Reliable.Calls;

/// <summary>Says what Reliable would have done with a stream that it only watches. Changes nothing, not even with a validator that fails.</summary>
internal sealed class StreamObserver<T>
{
    private readonly BoundPolicy _policy;
    private readonly CallContext _context;
    private readonly CancellationToken _caller;
    private StreamJudge<T>? _judge;
    private bool _wouldShow;
    private bool _isOver;

    public StreamObserver(BoundPolicy policy, CallContext context, CancellationToken caller)
    {
        _policy = policy;
        _context = context;
        _caller = caller;
        Guard(() => _judge = policy.BeginStream<T>());
    }

    public async ValueTask<bool> MoveAsync(IAsyncEnumerator<T> updates)
    {
        try
        {
            return await updates.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(e);
            throw;
        }
    }

    public void Add(T update)
    {
        if (_judge is not { } judge)
        {
            return;
        }

        try
        {
            judge.Add(update);
            _wouldShow = _wouldShow || judge.MayShow();
        }
        catch (Exception e)
        {
            GiveUp(e);
        }
    }

    /// <summary>The model came to its end.</summary>
    public void End()
    {
        _isOver = true;
        Guard(() =>
        {
            if (_judge?.Complete() is { IsValid: false } verdict)
            {
                Say(verdict);
            }
        });
        CallEngine.End(_policy, _context.ModelId, CallOutcome.Success);
    }

    /// <summary>The model failed.</summary>
    public void Fail(Exception exception)
    {
        _isOver = true;
        bool isRetried = !_wouldShow && _policy.HasRetry && TransientErrors.IsTransient(exception, _policy.Retry.ShouldRetry, _caller);
        Say(isRetried ? "be retried, and not charged for this attempt: " + TransientErrors.Describe(exception) : "fail as it did, and not be charged");
        CallEngine.End(_policy, _context.ModelId, CallEngine.OutcomeOf(_caller));
    }

    /// <summary>The reader is gone; of no interest when the stream was over.</summary>
    public void Leave()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        Guard(() =>
        {
            if (_judge?.Complete() is { IsValid: false })
            {
                Say("not be charged: its reader left before a valid answer");
            }
        });
        CallEngine.End(_policy, _context.ModelId, CallOutcome.Cancelled);
    }

    private void Say(ValidationResult verdict)
    {
        string reason = LogText.Clean(verdict.Message);
        string would = verdict.Reason == RejectionReason.ContentFilter
            ? "be passed on as it is, and not charged: "
            : _wouldShow
                ? "be rejected after it was shown, and not charged: "
                : _policy.HasRetry ? "be retried, and not charged for this attempt: " : "be rejected, and not charged: ";
        Log.InvalidResponse(_policy.Runtime.Logger, reason, verdict.Metrics.TotalTextLength, verdict.Metrics.AssistantMessageCount);
        _policy.Instruments.Rejected(_policy.Operation, _context.ModelId, verdict.Reason);
        Say(would + reason);
    }

    private void Say(string would) => Log.Observed(_policy.Runtime.Logger, _policy.Operation, _context.LogId(_policy), LogText.Clean(would));

    private void Guard(Action judge)
    {
        try
        {
            judge();
        }
        catch (Exception e)
        {
            GiveUp(e);
        }
    }

    private void GiveUp(Exception exception)
    {
        _judge = null;
        Say($"fail with {exception.GetType().Name} of its validator, and not be charged");
    }
}
