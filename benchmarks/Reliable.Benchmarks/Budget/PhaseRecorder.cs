using System.Diagnostics.Metrics;
using Reliable.Diagnostics;

namespace Reliable.Benchmarks.Budget;

/// <summary>Listens to what the library itself says of its overhead, phase by phase.</summary>
internal sealed class PhaseRecorder : IDisposable
{
    public static readonly string[] Phases = ["begin", "validate", "commit"];

    private readonly MeterListener _listener = new();
    private readonly ThreadLocal<List<(int Phase, double Milliseconds)>> _seen = new(static () => new(1 << 16), trackAllValues: true);
    private volatile bool _isOn;

    public PhaseRecorder()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == ReliableMetrics.MeterName && instrument.Name == "reliable.overhead")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) =>
        {
            if (_isOn)
                _seen.Value!.Add((Array.IndexOf(Phases, (string)tags[0].Value!), seconds * 1_000));
        });
        _listener.Start();
    }

    /// <summary>Forgets what was seen, and listens from here on.</summary>
    public void Start()
    {
        foreach (List<(int, double)> list in _seen.Values)
            list.Clear();

        _isOn = true;
    }

    /// <summary>Listens no longer, and says how long each phase took.</summary>
    public Percentiles[] Stop()
    {
        _isOn = false;
        (int Phase, double Milliseconds)[] all = [.. _seen.Values.SelectMany(static list => list.ToArray())];
        return [.. Phases.Select((_, phase) => new Percentiles(all.Where(one => one.Phase == phase).Select(static one => one.Milliseconds)))];
    }

    public void Dispose()
    {
        _listener.Dispose();
        _seen.Dispose();
    }
}
