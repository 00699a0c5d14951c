using System.Diagnostics;
using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging;
using Reliable.Benchmarks.Wrapper;

namespace Reliable.Benchmarks.Instrumentation;

/// <summary>What a call costs when it is seen: by a log, by a listener of its metrics, by a listener of its spans, by all of them, and by none.</summary>
[MemoryDiagnoser]
public class InstrumentationBenchmarks
{
    private const string UserId = "u1";
    private const string Question = "It does not start.";

    private ReliableRuntime _runtime = null!;
    private GeneratedAssistant _assistant = null!;
    private MeterListener? _meters;
    private ActivityListener? _spans;

    [Params(Seen.ByNobody, Seen.ByALog, Seen.ByMetrics, Seen.BySpans, Seen.ByAll)]
    public Seen Call { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        bool isLogged = Call is Seen.ByALog or Seen.ByAll;
        _runtime = ReliableRuntime.Create(
            static o => o.Rollout.Mode = RolloutMode.On, store: null, loggerFactory: new DiscardingLoggerFactory(isLogged ? LogLevel.Debug : LogLevel.None));
        _assistant = new GeneratedAssistant(new Model(InnerCall.Completed), _runtime);
        if (Call is Seen.ByMetrics or Seen.ByAll)
        {
            _meters = new MeterListener
            {
                InstrumentPublished = static (instrument, listener) =>
                {
                    if (instrument.Meter.Name == ReliableMetrics.MeterName)
                    {
                        listener.EnableMeasurementEvents(instrument);
                    }
                },
            };
            _meters.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
            _meters.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
            _meters.Start();
        }

        if (Call is Seen.BySpans or Seen.ByAll)
        {
            _spans = new ActivityListener
            {
                ShouldListenTo = static source => source.Name == ReliableMetrics.ActivitySourceName,
                Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            };
            ActivitySource.AddActivityListener(_spans);
        }
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _meters?.Dispose();
        _spans?.Dispose();
        _runtime.Dispose();
    }

    [Benchmark(Description = "generated wrapper")]
    public Task<string> Generated() => _assistant.AskAsync(UserId, Question, CancellationToken.None);
}
