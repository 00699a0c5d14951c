using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Reliable.Diagnostics;

namespace Reliable.Benchmarks.Instrumentation;

/// <summary>
/// What instrumentation adds to a good call while nobody listens: every step of it that such a call takes, in the call's order, and nothing else. A call without
/// instrumentation is a call without these.
/// </summary>
[MemoryDiagnoser]
public class SilentInstrumentationBenchmarks
{
    private const string Operation = "SupportAssistant.AskAsync";
    private const string Model = "gpt-x";

    private readonly ILogger _logger = NullLogger.Instance;
    private Instruments _instruments = null!;

    [GlobalSetup]
    public void SetUp() => _instruments = new Instruments(factory: null, static () => 0);

    [GlobalCleanup]
    public void CleanUp() => _instruments.Dispose();

    [Benchmark(Description = "all of it")]
    public bool All() => Run(null);

    [Benchmark(Description = "all of it, for a named model")]
    public bool AllOfAModel() => Run(Model);

    private bool Run(string? model)
    {
        bool isTraced = AttemptTrace.IsOn;

        long since = _instruments.MeasuresOverhead ? 1 : 0;
        bool isLogged = _logger.IsEnabled(LogLevel.Debug);
        _instruments.BeginTook(since);

        since = _instruments.MeasuresOverhead ? 1 : 0;
        _instruments.ValidateTook(since);

        since = _instruments.MeasuresOverhead ? 1 : 0;
        isLogged |= _logger.IsEnabled(LogLevel.Debug);
        _instruments.CommitTook(since);
        _instruments.Settled(Operation, model);
        return isTraced | isLogged;
    }
}
