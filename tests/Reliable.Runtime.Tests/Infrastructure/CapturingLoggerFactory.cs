using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Reliable.Infrastructure;

/// <summary>Keeps every log line as it was formatted.</summary>
internal sealed class CapturingLoggerFactory(LogLevel minimum = LogLevel.Debug) : ILoggerFactory, ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<LogLine> _lines = new();

    /// <summary>What it throws whenever it is told a line, after it has kept it.</summary>
    public Exception? Failure { get; set; }

    public IReadOnlyList<LogLine> Lines => [.. _lines];

    public IReadOnlyList<string> Texts => [.. _lines.Select(line => line.Text)];

    public IEnumerable<string> Of(string prefix) => Texts.Where(text => text.StartsWith(prefix, StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _lines.Enqueue(new LogLine(logLevel, eventId.Id, formatter(state, exception), exception)
            {
                Fields = state is IReadOnlyList<KeyValuePair<string, object?>> fields ? [.. fields] : [],
            });
        }

        if (Failure is { } failure)
        {
            throw failure;
        }
    }
}
