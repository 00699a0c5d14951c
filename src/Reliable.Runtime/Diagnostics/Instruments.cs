using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Reliable.Diagnostics;

/// <summary>The instruments of one runtime. No tag ever names a user.</summary>
/// <remarks>
/// Listeners are called in the middle of a call, between an answer and its charge. What they throw stays theirs: it must not lose the answer, or have the model called
/// and charged again.
/// </remarks>
internal sealed class Instruments : IDisposable
{
    public const string OperationTag = "reliable.operation";
    public const string ModelTag = "gen_ai.request.model";

    private const string Begin = "begin";
    private const string Validate = "validate";
    private const string Commit = "commit";

    // Seconds. A retried call takes its delays, 1 s to 7 s by default, and the rule is at 10 s.
    private static readonly InstrumentAdvice<double> s_durationBuckets = new() { HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 7.5, 10, 15, 30, 60, 120] };

    // Counters in memory take a microsecond, a database takes milliseconds, and the budgets are 2, 5 and 20 ms.
    private static readonly InstrumentAdvice<double> s_overheadBuckets = new()
    {
        HistogramBucketBoundaries = [0.000_001, 0.000_01, 0.000_1, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    };

    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _rejections;
    private readonly Counter<long> _committed;
    private readonly Counter<long> _rollbacks;
    private readonly Counter<long> _refunds;
    private readonly Counter<long> _commitFailures;
    private readonly Counter<long> _expired;
    private readonly Counter<long> _fallbacks;
    private readonly Counter<long> _observed;
    private readonly Counter<long> _uncharged;
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
        _refunds = _meter.CreateCounter<long>("reliable.transactions.refunds", "{transaction}", "Transactions that were counted and taken back.");
        _commitFailures = _meter.CreateCounter<long>(
            "reliable.transactions.commit_failures", "{transaction}", "Charges that the database did not take in time, or not at all.");
        _expired = _meter.CreateCounter<long>("reliable.transactions.expired", "{transaction}", "Transactions that were left open too long.");
        _fallbacks = _meter.CreateCounter<long>("reliable.fallback.attempts", "{attempt}", "Fallback attempts, by how they ended.");
        _observed = _meter.CreateCounter<long>("reliable.observe.verdicts", "{call}", "Calls that were only observed, by what would have been done with them.");
        _uncharged = _meter.CreateCounter<long>(
            "reliable.observe.uncharged", "{unit}", "What calls that were only observed were charged, and would not have been as they ended.");
        _duration = _meter.CreateHistogram<double>("reliable.retry.duration", "s", "Duration of calls that were retried, with their delays.", tags: null, s_durationBuckets);
        _overhead = _meter.CreateHistogram<double>("reliable.overhead", "s", "Time Reliable itself adds to a call, by phase.", tags: null, s_overheadBuckets);
        _meter.CreateObservableUpDownCounter("reliable.transactions.active", activeTransactions, "{transaction}", "Transactions that are open.");
    }

    /// <summary>Shows the journal: how many charges wait in it, and its size.</summary>
    public void ObserveJournal(Func<long> charges, Func<long> bytes)
    {
        _meter.CreateObservableUpDownCounter("reliable.journal.charges", charges, "{charge}", "Charges that wait in the local journal for the store.");
        _meter.CreateObservableUpDownCounter("reliable.journal.size", bytes, "By", "The size of the local journal.");
    }

    /// <summary>Whether anybody listens to the overhead: only then are timestamps worth their price.</summary>
    public bool MeasuresOverhead => _overhead.Enabled;

    public bool MeasuresDuration => _duration.Enabled;

    /// <summary>The same, added up in the process whether anybody listens or not.</summary>
    public RuntimeCounts Counts { get; } = new();

    public void Ended(string operation, string? model, CallOutcome outcome)
    {
        Counts.Of(model).Add(outcome);
        if (_requests.Enabled)
        {
            CountEnded(operation, model, outcome);
        }
    }

    /// <summary>A call ended well and its transaction was committed with it.</summary>
    public void Settled(string operation, string? model)
    {
        Counts.Of(model).Add(CallCounts.Settled);
        if (_committed.Enabled)
        {
            CountCommitted();
        }

        if (_requests.Enabled)
        {
            CountEnded(operation, model, CallOutcome.Success);
        }
    }

    public void Retried(string operation, string? model)
    {
        Counts.Of(model).Add(CallCounts.Retries);
        if (_retries.Enabled)
        {
            Add(_retries, 1, TagsOf(operation, model, null, null));
        }
    }

    public void Rejected(string operation, string? model, RejectionReason reason)
    {
        Counts.Of(model).Add(reason);
        if (_rejections.Enabled)
        {
            Add(_rejections, 1, TagsOf(operation, model, "reason", reason.ToString()));
        }
    }

    public void FellBack(string operation, string? model, bool succeeded)
    {
        Counts.Of(model).Add(succeeded ? CallCounts.FallbackSuccesses : CallCounts.FallbackFailures);
        if (_fallbacks.Enabled)
        {
            Add(_fallbacks, 1, TagsOf(operation, model, "outcome", succeeded ? "success" : "failure"));
        }
    }

    public void Observed(string operation, string? model, string verdict)
    {
        if (_observed.Enabled)
        {
            Add(_observed, 1, TagsOf(operation, model, "verdict", verdict));
        }
    }

    public void WouldNotCharge(string operation, string? model, string verdict, int amount)
    {
        if (_uncharged.Enabled)
        {
            Add(_uncharged, amount, TagsOf(operation, model, "verdict", verdict));
        }
    }

    public void Took(string operation, string? model, TimeSpan duration)
    {
        CallCounts counts = Counts.Of(model);
        counts.Add(CallCounts.RetriedCalls);
        counts.Add(CallCounts.RetriedMs, (long)duration.TotalMilliseconds);
        if (_duration.Enabled)
        {
            Record(_duration, duration.TotalSeconds, TagsOf(operation, model, null, null));
        }
    }

    public void Committed()
    {
        Counts.Add(RuntimeCounts.Committed);
        if (_committed.Enabled)
        {
            CountCommitted();
        }
    }

    public void RolledBack(string reason)
    {
        Counts.Add(RuntimeCounts.RolledBack);
        Add(_rollbacks, 1, new TagList { { "reason", reason } });
    }

    public void Refunded()
    {
        Counts.Add(RuntimeCounts.Refunded);
        Add(_refunds, 1, default);
    }

    public void CommitFailed()
    {
        Counts.Add(RuntimeCounts.CommitFailures);
        Add(_commitFailures, 1, default);
    }

    public void Expired(int count)
    {
        Counts.Add(RuntimeCounts.Expired, count);
        Add(_expired, count, default);
    }

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
    private void CountEnded(string operation, string? model, CallOutcome outcome) => Add(_requests, 1, TagsOf(operation, model, "outcome", NameOf(outcome)));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CountCommitted() => Add(_committed, 1, default);

    private void Overhead(long since, string phase)
    {
        if (since != 0)
        {
            RecordOverhead(since, phase);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RecordOverhead(long since, string phase)
        => Record(_overhead, Stopwatch.GetElapsedTime(since).TotalSeconds, new TagList { { "phase", phase } });

    private static void Add(Counter<long> counter, long amount, in TagList tags)
    {
        try
        {
            counter.Add(amount, tags);
        }
        catch (Exception)
        {
            // A listener's; see the remarks.
        }
    }

    private static void Record(Histogram<double> histogram, double value, in TagList tags)
    {
        try
        {
            histogram.Record(value, tags);
        }
        catch (Exception)
        {
            // A listener's; see the remarks.
        }
    }
}
