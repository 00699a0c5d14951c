using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Reliable.Infrastructure;
using Reliable.Usage;

namespace Reliable.Simulation;

/// <summary>One run of an application: the real runtime with its own clock. Killed, its clock stands still and nobody answers it; its journal stays.</summary>
internal sealed class SimulatedProcess : ILoggerFactory, ILogger
{
    private const int StoreNotReadable = 1304;
    private const int StoreNotReady = 1309;

    public SimulatedProcess(int number, SimulationOptions options, SimulatedDatabase database, string journal, Random random)
    {
        Number = number;
        Workers = new SimulatedWorkers(random);

        // An application's clock is its own, and may be wrong by a day.
        Clock = new FakeTimeProvider(database.Now + options.ClockError);
        var settings = new ReliableOptions();
        settings.Rollout.Mode = RolloutMode.On;
        settings.Health.Interval = TimeSpan.FromDays(1);
        settings.Usage.Commit = options.Mode;
        settings.Usage.Journal = options.Journal;
        settings.Usage.JournalPath = journal;
        settings.Usage.DefaultLimit = options.Limit;
        var connection = new SimulatedConnection(database) { Process = this };
        Runtime = new ReliableRuntime(new ReliableParts(settings, connection, OwnsStore: true, Clock, this) { Workers = Workers });
    }

    public int Number { get; }

    public FakeTimeProvider Clock { get; }

    public SimulatedWorkers Workers { get; }

    public ReliableRuntime Runtime { get; }

    public bool IsDead { get; private set; }

    /// <summary>Users of whom a call went on without the database's word: then their limit could not be known.</summary>
    public HashSet<string> GoneOnUninformed { get; } = [];

    /// <summary>Whether calls went on before what an earlier process left was taken over.</summary>
    public bool WentOnBeforeItsStart { get; private set; }

    public void Kill()
    {
        IsDead = true;

        // Closes the file as the end of a process does; an empty one is also deleted, which nobody could tell from an empty one.
        JournalOf(Runtime)?.Dispose();
        Runtime.Instruments.Dispose();
    }

    public bool HasOpenJournal => JournalOf(Runtime) is { OpenCount: > 0 };

    ILogger ILoggerFactory.CreateLogger(string categoryName) => this;

    void ILoggerFactory.AddProvider(ILoggerProvider provider)
    {
    }

    void IDisposable.Dispose()
    {
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        WentOnBeforeItsStart |= eventId.Id == StoreNotReady;
        if (eventId.Id == StoreNotReadable && state is IEnumerable<KeyValuePair<string, object?>> fields)
            GoneOnUninformed.Add((string)fields.Single(static field => field.Key == "UserId").Value!);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_journal")]
    private static extern ref ChargeJournal? JournalOf(ReliableRuntime runtime);
}
