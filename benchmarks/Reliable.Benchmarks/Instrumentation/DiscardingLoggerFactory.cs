using Microsoft.Extensions.Logging;

namespace Reliable.Benchmarks.Instrumentation;

/// <summary>Formats every line from a level on, and throws it away.</summary>
internal sealed class DiscardingLoggerFactory(LogLevel minimum) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum && minimum != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            formatter(state, exception);
        }
    }
}
