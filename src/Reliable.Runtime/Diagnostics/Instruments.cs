using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Reliable.Diagnostics;

/// <summary>The instruments of one runtime. No tag ever names a user.</summary>
internal sealed class Instruments : IDisposable
{
    public const string OperationTag = "reliable.operation";
    public const string ModelTag = "gen_ai.request.model";

    private const string Begin = "begin";
    private const string Validate = "validate";
    private const string Commit = "commit";

    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _rejections;
    private readonly Counter<long> _committed;
    private readonly Counter<long> _rollbacks;
    private readonly Counter<long> _commitFailures;
    private readonly Counter<long> _expired;
    private readonly Counter<long> _fallbacks;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _overhead;

    public Instruments(IMeterFactory? factory, Func<long> activeTransactions)
    {
        _meter = factory?.Create(ReliableMetrics.MeterName) ?? new Meter(ReliableMetrics.MeterName);
        _requests = _meter.CreateCounter<long>("reliable.requests", "{call}", "Calls, by how they ended.");
        _retries = _meter.CreateCounter<long>("reliable.retry.attempts", "{attempt}", "Attempts after the first, without fallbacks.");
        _rejections = _meter.CreateCounter<long>("reliable.validation.failures", "{answer}", "Answers that were rejected, by reason.");
        _committed = _meter.CreateCounter<long>("reliable.transactions.committed", "{transaction}", "Transactions that were counted.");
        _rollbacks = _meter.CreateCounter<long>("reliable.transactions.rollbacks", "{transaction}", "Transactions that were rolled back, by reason.");
        _commitFailures = _meter.CreateCounter<long>(
            "reliable.transactions.commit_failures", "{transaction}", "Charges that the database did not take in time, or not at all.");
        _expired = _meter.CreateCounter<long>("reliable.transactions.expired", "{transaction}", "Transactions that were left open too long.");
        _fallbacks = _meter.CreateCounter<long>("reliable.fallback.attempts", "{attempt}", "Fallback attempts, by how they ended.");
        _duration = _meter.CreateHistogram<double>("reliable.retry.duration", "s", "Duration of calls that were retried, with their delays.");
        _overhead = _meter.CreateHistogram<double>("reliable.overhead", "s", "Time Reliable itself adds to a call, by phase.");
        _meter.CreateObservableUpDownCounter("reliable.transactions.active", activeTransactions, "{transaction}", "Transactions that are open.");
    }

    /// <summary>Whether anybody listens to the overhead: only then are timestamps worth their price.</summary>
    public bool MeasuresOverhead => _overhead.Enabled;

    public bool MeasuresDuration => _duration.Enabled;

    public void Ended(string operation, string? model, CallOutcome outcome)
    {
        if (_requests.Enabled)
        {
            CountEnded(operation, model, outcome);
        }
    }

    public void Retried(string operation, string? model)
    {
        if (_retries.Enabled)
        {
            _retries.Add(1, TagsOf(operation, model, null, null));
        }
    }

    public void Rejected(string operation, string? model, RejectionReason reason)
    {
        if (_rejections.Enabled)
        {
            _rejections.Add(1, TagsOf(operation, model, "reason", reason.ToString()));
        }
    }

    public void FellBack(string operation, string? model, bool succeeded)
    {
        if (_fallbacks.Enabled)
        {
            _fallbacks.Add(1, TagsOf(operation, model, "outcome", succeeded ? "success" : "failure"));
        }
    }

    public void Took(string operation, string? model, TimeSpan duration)
    {
        if (_duration.Enabled)
        {
            _duration.Record(duration.TotalSeconds, TagsOf(operation, model, null, null));
        }
    }

    public void Committed()
    {
        if (_committed.Enabled)
        {
            CountCommitted();
        }
    }

    public void RolledBack(string reason) => _rollbacks.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void CommitFailed() => _commitFailures.Add(1);

    public void Expired(int count) => _expired.Add(count);

    public void BeginTook(long since) => Overhead(since, Begin);

    public void ValidateTook(long since) => Overhead(since, Validate);

    public void CommitTook(long since) => Overhead(since, Commit);

    public void Dispose() => _meter.Dispose();

    private static TagList TagsOf(string operation, string? model, string? key, string? value)
    {
        var tags = new TagList { { OperationTag, operation } };
        if (model is not null)
        {
            tags.Add(ModelTag, model);
        }

        if (key is not null)
        {
            tags.Add(key, value);
        }

        return tags;
    }

    private static string NameOf(CallOutcome outcome) => outcome switch
    {
        CallOutcome.Success => "success",
        CallOutcome.Fallback => "fallback",
        CallOutcome.Exhausted => "exhausted",
        CallOutcome.Refused => "refused",
        CallOutcome.Denied => "denied",
        CallOutcome.Cancelled => "cancelled",
        CallOutcome.LateFailure => "late_failure",
        CallOutcome.LateRejection => "late_rejection",
        _ => "error",
    };

    // Not inlined, as what follows: a list of tags is a large value, and would be cleared for every call although nobody listens.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CountEnded(string operation, string? model, CallOutcome outcome)
        => _requests.Add(1, TagsOf(operation, model, "outcome", NameOf(outcome)));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CountCommitted() => _committed.Add(1);

    private void Overhead(long since, string phase)
    {
        if (since != 0)
        {
            RecordOverhead(since, phase);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RecordOverhead(long since, string phase)
        => _overhead.Record(Stopwatch.GetElapsedTime(since).TotalSeconds, new KeyValuePair<string, object?>("phase", phase));
}
