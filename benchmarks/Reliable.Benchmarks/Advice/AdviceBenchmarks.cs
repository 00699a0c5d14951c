using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Microsoft.Extensions.Logging;
using Reliable.Benchmarks.Instrumentation;
using Reliable.Benchmarks.Wrapper;

namespace Reliable.Benchmarks.Advice;

/// <summary>
/// The pairs of <c>docs/performance.md</c>, good and bad, one group for each; the good one is the baseline. Those that are about a database are in the reports of the budget and
/// of the commit load.
/// </summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class AdviceBenchmarks
{
    private static readonly Guid s_userId = new("8d3f7c1e-5b0a-4c53-9f0e-2f6f5f6b7a11");
    private static readonly string s_user = s_userId.ToString();

    private readonly Model _model = new(InnerCall.Completed);
    private ReliableRuntime _reliable = null!;
    private ReliableRuntime _logged = null!;
    private AdviceModel _atOnce = null!;
    private AdviceModel _waitedFor = null!;
    private AdviceModel _debug = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _reliable = Create(LogLevel.Information);
        _logged = Create(LogLevel.Debug);
        _atOnce = new AdviceModel(_model, _reliable);
        _waitedFor = new AdviceModel(new Model(InnerCall.Yielding), _reliable);
        _debug = new AdviceModel(_model, _logged);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _reliable.Dispose();
        _logged.Dispose();
    }

    [BenchmarkCategory("model's task, at once"), Benchmark(Baseline = true, Description = "handed on")]
    public Task<string> HandOn() => _atOnce.HandOnAsync(s_user);

    [BenchmarkCategory("model's task, at once"), Benchmark(Description = "awaited in Core")]
    public Task<string> Await() => _atOnce.AwaitAsync(s_user);

    [BenchmarkCategory("model's task, waited for"), Benchmark(Baseline = true, Description = "handed on")]
    public Task<string> HandOnWaited() => _waitedFor.HandOnAsync(s_user);

    [BenchmarkCategory("model's task, waited for"), Benchmark(Description = "awaited in Core")]
    public Task<string> AwaitWaited() => _waitedFor.AwaitAsync(s_user);

    [BenchmarkCategory("runtime"), Benchmark(Baseline = true, Description = "one for the application")]
    public Task<string> OneRuntime() => _atOnce.HandOnAsync(s_user);

    [BenchmarkCategory("runtime"), Benchmark(Description = "one for each call")]
    public async Task<string> RuntimeForEachCall()
    {
        await using ReliableRuntime reliable = Create(LogLevel.Information);
        return await new AdviceModel(_model, reliable).HandOnAsync(s_user);
    }

    [BenchmarkCategory("timeout"), Benchmark(Baseline = true, Description = "the client's")]
    public Task<string> ClientTimeout() => _atOnce.HandOnAsync(s_user);

    [BenchmarkCategory("timeout"), Benchmark(Description = "AttemptTimeoutMs")]
    public Task<string> AttemptTimeout() => _atOnce.WithTimeoutAsync(s_user);

    [BenchmarkCategory("validator, 100 parts"), Benchmark(Baseline = true, Description = "looks at the last part")]
    public Task LastPart() => _atOnce.JudgeLastPartAsync(s_user);

    [BenchmarkCategory("validator, 100 parts"), Benchmark(Description = "asks for the text twice")]
    public Task WholeText() => _atOnce.JudgeWholeTextAsync(s_user);

    [BenchmarkCategory("validator, 100 parts"), Benchmark(Description = "last part, asynchronous form")]
    public Task Asynchronously() => _atOnce.JudgeAsynchronouslyAsync(s_user);

    [BenchmarkCategory("user's id"), Benchmark(Baseline = true, Description = "the string that is there")]
    public Task<string> SameString() => _atOnce.HandOnAsync(s_user);

    [BenchmarkCategory("user's id"), Benchmark(Description = "a Guid's ToString()")]
    public Task<string> NewString() => _atOnce.HandOnAsync(s_userId.ToString());

    [BenchmarkCategory("log level"), Benchmark(Baseline = true, Description = "Information")]
    public Task<string> Information() => _atOnce.HandOnAsync(s_user);

    [BenchmarkCategory("log level"), Benchmark(Description = "Debug")]
    public Task<string> Debug() => _debug.HandOnAsync(s_user);

    private static ReliableRuntime Create(LogLevel level)
        => ReliableRuntime.Create(static o => o.Rollout.Mode = RolloutMode.On, store: null, loggerFactory: new DiscardingLoggerFactory(level));
}
