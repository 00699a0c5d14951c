using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Reliable.Infrastructure;

/// <summary>Listens to the meters of one runtime, and of no other that runs beside it.</summary>
internal sealed class MeterRecorder : IMeterFactory
{
    private readonly ConcurrentQueue<Measurement> _measurements = new();
    private readonly ConcurrentBag<Meter> _meters = [];
    private readonly MeterListener _listener = new();

    public MeterRecorder()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, this))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>What it throws whenever it is told a measurement, after it has kept it.</summary>
    public Exception? Failure { get; set; }

    public IReadOnlyList<Measurement> All => [.. _measurements];

    /// <summary>The sum of an instrument, optionally of one tag's value only.</summary>
    public double Sum(string name, string? tag = null, string? value = null)
        => _measurements.Where(m => m.Name == name && (tag is null || m.Tag(tag) == value)).Sum(m => m.Value);

    public int Count(string name, string? tag = null, string? value = null)
        => _measurements.Count(m => m.Name == name && (tag is null || m.Tag(tag) == value));

    public void Observe() => _listener.RecordObservableInstruments();

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options.Name, options.Version, options.Tags, this);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (Meter meter in _meters)
        {
            meter.Dispose();
        }
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        _measurements.Enqueue(new Measurement(instrument.Name, value, tags.ToArray()));
        if (Failure is { } failure)
        {
            throw failure;
        }
    }
}
