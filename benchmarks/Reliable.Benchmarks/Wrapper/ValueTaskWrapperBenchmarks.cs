using BenchmarkDotNet.Attributes;

namespace Reliable.Benchmarks.Wrapper;

/// <summary>What the wrapper adds to a method that returns <see cref="ValueTask{TResult}"/> and gives a good answer, counters in memory.</summary>
[MemoryDiagnoser]
public class ValueTaskWrapperBenchmarks
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
    public ValueTask<string> Direct() => _model.AskValueAsync();

    [Benchmark(Baseline = true, Description = "hand-written async wrapper")]
    public ValueTask<string> HandWritten() => _handWritten.AskValueAsync(UserId, Question, CancellationToken.None);

    [Benchmark(Description = "generated wrapper")]
    public ValueTask<string> Generated() => _generated.AskValueAsync(UserId, Question, CancellationToken.None);

    [Benchmark(Description = "Polly and ConcurrentDictionary<Guid, …>")]
    public ValueTask<string> PollyAndDictionary() => _polly.AskValueAsync(UserId, CancellationToken.None);
}
