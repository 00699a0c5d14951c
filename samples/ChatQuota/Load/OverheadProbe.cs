using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Reliable;

namespace ChatQuota.Load;

/// <summary>Listens to the library's own measure of the time it adds to a call.</summary>
internal sealed class OverheadProbe : IDisposable
{
    public const string Begin = "begin";
    public const string Validate = "validate";
    public const string Commit = "commit";

    private readonly ConcurrentDictionary<string, ConcurrentQueue<double>> _phases = [];
    private readonly ConcurrentQueue<double> _calls = [];
    private readonly AsyncLocal<CallTime?> _call = new();
    private readonly MeterListener _listener = new();

    public OverheadProbe()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == ReliableMetrics.MeterName && instrument.Name == "reliable.overhead")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => Measured(seconds, tags));
        _listener.Start();
    }

    /// <summary>What was measured in one phase, in seconds.</summary>
    public IReadOnlyCollection<double> Phase(string phase) => _phases.TryGetValue(phase, out ConcurrentQueue<double>? values) ? values : [];

    /// <summary>All phases of a call added up, for each call that was charged.</summary>
    public IReadOnlyCollection<double> Calls => _calls;

    /// <summary>Runs one call of the API, and adds up what the library measures in the course of it.</summary>
    public async Task FollowAsync(HttpContext context, RequestDelegate next)
    {
        var call = new CallTime();
        _call.Value = call;
        await next(context);
        if (call.IsCharged)
        {
            _calls.Enqueue(call.Seconds);
        }
    }

    /// <summary>Forgets what was measured so far.</summary>
    public void Reset()
    {
        _phases.Clear();
        _calls.Clear();
    }

    public void Dispose() => _listener.Dispose();

    private void Measured(double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            if (tag is { Key: "phase", Value: string phase })
            {
                _phases.GetOrAdd(phase, static _ => []).Enqueue(seconds);
                _call.Value?.Add(seconds, isCommit: phase == Commit);
            }
        }
    }

    // One call is measured by one thread at a time.
    private sealed class CallTime
    {
        public double Seconds { get; private set; }

        public bool IsCharged { get; private set; }

        public void Add(double seconds, bool isCommit)
        {
            Seconds += seconds;
            IsCharged |= isCommit;
        }
    }
}
