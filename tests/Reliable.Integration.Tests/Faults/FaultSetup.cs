using Microsoft.Extensions.Logging;

namespace Reliable.Faults;

/// <summary>What a fault test starts with.</summary>
internal sealed record FaultSetup
{
    /// <summary>Whether counters are in the application's table; otherwise in Reliable's own.</summary>
    public bool IsMapped { get; init; }

    /// <summary>Whether the runtime connects past the proxy.</summary>
    public bool IsDirect { get; init; }

    public int Users { get; init; } = 8;

    /// <summary>Every user's limit; <see langword="null"/> for none.</summary>
    public long? Limit { get; init; }

    public CommitMode Commit { get; init; } = CommitMode.Awaited;

    public JournalMode Journal { get; init; } = JournalMode.ProcessCrash;

    public TimeSpan CommitTimeout { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan TransactionTimeout { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan CleanupInterval { get; init; } = TimeSpan.FromMinutes(1);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory? Logs { get; init; }

    /// <summary>The seed of the proxy and of the load; a failure names it.</summary>
    public int Seed { get; init; } = Environment.GetEnvironmentVariable("RELIABLE_TEST_SEED") is { Length: > 0 } seed
        ? int.Parse(seed, System.Globalization.CultureInfo.InvariantCulture)
        : Random.Shared.Next();
}
