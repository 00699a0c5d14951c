using Microsoft.Extensions.Logging;
using Polly;
using Reliable.Usage;

namespace Reliable.Infrastructure;

/// <summary>A runtime with time, log and meters in the test's hands; everything else is real.</summary>
internal sealed class RuntimeHarness : IAsyncDisposable
{
    public RuntimeHarness(
        Action<ReliableOptions>? configure = null,
        IUsageStore? store = null,
        FakeTimeProvider? clock = null,
        IServiceProvider? services = null,
        Func<double>? random = null,
        Action<ResiliencePipelineBuilder>? strategies = null,
        LogLevel logLevel = LogLevel.Debug)
    {
        Clock = clock ?? new FakeTimeProvider();
        Log = new CapturingLoggerFactory(logLevel);
        Options = new ReliableOptions();
        Options.Rollout.Mode = RolloutMode.On;
        Options.Transactions.CleanupInterval = TimeSpan.FromDays(1);
        Options.Health.Interval = TimeSpan.FromDays(1);
        configure?.Invoke(Options);
        Store = store ?? new MemoryUsageStore(Clock);
        Runtime = new ReliableRuntime(new ReliableParts(Options, Store, OwnsStore: true, Clock, Log)
        {
            MeterFactory = Meters,
            Services = services,
            Random = random,
            AttemptStrategies = strategies is null ? [] : [strategies],
        });
    }

    public ReliableOptions Options { get; }

    public FakeTimeProvider Clock { get; }

    public CapturingLoggerFactory Log { get; }

    public MeterRecorder Meters { get; } = new();

    public IUsageStore Store { get; }

    public ReliableRuntime Runtime { get; }

    /// <summary>What the store has counted.</summary>
    public async Task<long> UsedAsync(string userId = "u1", string counter = "requests")
        => (await Store.ReadAsync(userId, counter, UsageTerms.Default, CancellationToken.None)).Used;

    public async Task<UsageSnapshot> UsageAsync(string userId = "u1") => await Runtime.Usage.GetUsageAsync(userId);

    public async ValueTask DisposeAsync()
    {
        Task disposing = Runtime.DisposeAsync().AsTask();
        await Clock.DriveAsync(disposing);
        Meters.Dispose();
    }
}
