using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Polly;
using Reliable.Usage;

namespace Reliable;

/// <summary>What a <see cref="ReliableRuntime"/> is made of.</summary>
internal sealed record ReliableParts(
    ReliableOptions Options, IUsageStore Store, bool OwnsStore, TimeProvider Time, ILoggerFactory LoggerFactory)
{
    public IMeterFactory? MeterFactory { get; init; }

    public IServiceProvider? Services { get; init; }

    public Action<ResiliencePipelineBuilder>[] AttemptStrategies { get; init; } = [];

    /// <summary>Where work goes on that must not run on its caller's thread.</summary>
    public Workers Workers { get; init; } = Workers.Pool;

    /// <summary>Numbers from 0 to 1 for jitter; the shared generator's when <see langword="null"/>.</summary>
    public Func<double>? Random { get; init; }
}
