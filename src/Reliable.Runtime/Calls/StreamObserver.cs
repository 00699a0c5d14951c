using Reliable.Diagnostics;
using Reliable.Streaming;

namespace Reliable.Calls;

/// <summary>Says what Reliable would have done with a stream that it only watches. Changes nothing, not even with a validator that fails.</summary>
internal sealed class StreamObserver<T>
{
    private readonly BoundPolicy _policy;
    private readonly CallContext _context;
    private readonly CancellationToken _caller;
    private readonly bool _hasFallback;
    private readonly AttemptTrace? _trace;
    private StreamJudge<T>? _judge;
    private bool _wouldShow;
    private bool _isOver;

    public StreamObserver(BoundPolicy policy, CallContext context, bool hasFallback, CancellationToken caller)
    {
        _hasFallback = hasFallback;
        _policy = policy;
        _context = context;
        _caller = caller;
        _trace = AttemptTrace.Start(policy.Operation, context.ModelId, context.CorrelationId, context.TransactionId, number: 1, isFallback: false, previous: null);
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
            if (_judge?.Complete() is { } verdict)
            {
                _trace?.Judge(verdict);
                CallObserver.Judged(_policy, _context, verdict, _hasFallback, _wouldShow);
            }
        });
        _trace?.End();
        CallEngine.End(_policy, _context.ModelId, CallOutcome.Success);
    }

    /// <summary>The model failed.</summary>
    public void Fail(Exception exception)
    {
        _isOver = true;
        _trace?.Fail(exception);
        _trace?.End();
        CallObserver.Failed(_policy, _context, exception, _hasFallback, _caller, _wouldShow);
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
            ValidationResult? given = _judge?.Complete();
            _trace?.Leave(given);
            switch (given)
            {
                case { IsValid: true } verdict:
                    CallObserver.Judged(_policy, _context, verdict, _hasFallback);
                    break;
                case { IsValid: false }:
                    CallObserver.Left(_policy, _context);
                    break;
            }
        });
        _trace?.End();
        CallEngine.End(_policy, _context.ModelId, CallOutcome.Cancelled);
    }

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
        _trace?.Fail(exception);
        CallObserver.ValidatorFailed(_policy, _context, exception);
    }
}
