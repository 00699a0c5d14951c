using BenchmarkDotNet.Attributes;

namespace Reliable.Benchmarks.Wrapper;

/// <summary>What the wrapper adds to a method that returns <see cref="Task{TResult}"/> and gives a good answer, counters in memory.</summary>
[MemoryDiagnoser]
public class TaskWrapperBenchmarks
{
    private const string UserId = "u1";
    private const string Question = "It does not start.";

    private ReliableRuntime _runtime = null!;
    private Model _model = null!;
    private HandWrittenAssistant _handWritten = null!;
    private GeneratedAssistant _generated = null!;
    private PollyAssistant _polly = null!;

    [Params(InnerCall.Completed, InnerCall.Yielding)]
    public InnerCall Inner { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _runtime = ReliableRuntime.Create(static o => o.Rollout.Mode = RolloutMode.On);
        _model = new Model(Inner);
        _handWritten = new HandWrittenAssistant(_model, _runtime);
        _generated = new GeneratedAssistant(_model, _runtime);
        _polly = new PollyAssistant(_model);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _polly.Dispose();
        _runtime.Dispose();
    }

    [Benchmark(Description = "direct call")]
    public Task<string> Direct() => _model.AskAsync();

    [Benchmark(Baseline = true, Description = "hand-written async wrapper")]
    public Task<string> HandWritten() => _handWritten.AskAsync(UserId, Question, CancellationToken.None);

    [Benchmark(Description = "generated wrapper")]
    public Task<string> Generated() => _generated.AskAsync(UserId, Question, CancellationToken.None);

    [Benchmark(Description = "Polly and ConcurrentDictionary<Guid, …>")]
    public Task<string> PollyAndDictionary() => _polly.AskAsync(UserId, CancellationToken.None);
}
