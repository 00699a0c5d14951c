using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Reliable.Integration.Tests.Telemetry;

/// <summary>Keeps every log line, as text and by its event id and named fields.</summary>
internal sealed class LogRecorder : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, int EventId, string Text)> _lines = new();

    public IReadOnlyList<(LogLevel Level, int EventId, string Text)> Lines => [.. _lines];

    /// <summary>How many lines there are of each event.</summary>
    public SortedDictionary<int, int> Counts => new(_lines.CountBy(static line => line.EventId).ToDictionary());

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => _lines.Enqueue((logLevel, eventId.Id, formatter(state, exception)));
}
