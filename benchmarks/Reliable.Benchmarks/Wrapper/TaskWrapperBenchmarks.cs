using BenchmarkDotNet.Attributes;

namespace Reliable.Benchmarks.Wrapper;

/// <summary>What the wrapper adds to a method that returns <see cref="Task{TResult}"/>, counters in memory.</summary>
[MemoryDiagnoser]
public class TaskWrapperBenchmarks
{
    private WrapperContenders _contenders = null!;

    [ParamsAllValues]
    public InnerCall Inner { get; set; }

    [GlobalSetup]
    public void SetUp() => _contenders = new WrapperContenders(Inner);

    [GlobalCleanup]
    public void CleanUp() => _contenders.Dispose();

    [Benchmark(Description = "direct call")]
    public Task<string> Direct() => _contenders.Direct.AskAsync(WrapperContenders.UserId, WrapperContenders.Question, CancellationToken.None);

    [Benchmark(Baseline = true, Description = "hand-written async wrapper")]
    public Task<string> HandWritten() => End(_contenders.HandWritten.AskAsync(WrapperContenders.UserId, WrapperContenders.Question, CancellationToken.None));

    [Benchmark(Description = "generated wrapper")]
    public Task<string> Generated() => End(_contenders.Generated.AskAsync(WrapperContenders.UserId, WrapperContenders.Question, CancellationToken.None));

    [Benchmark(Description = "generated decorator")]
    public Task<string> Decorated() => End(_contenders.Decorated.AskAsync(WrapperContenders.UserId, WrapperContenders.Question, CancellationToken.None));

    [Benchmark(Description = "Polly and ConcurrentDictionary<long, …>")]
    public Task<string> PollyByLong() => End(_contenders.PollyByLong.AskAsync(WrapperContenders.UserId, WrapperContenders.Question, CancellationToken.None));

    [Benchmark(Description = "Polly and ConcurrentDictionary<Guid, …>")]
    public Task<string> Polly() => End(_contenders.Polly.AskAsync(WrapperContenders.UserId, WrapperContenders.Question, CancellationToken.None));

    [Benchmark(Description = "the same, Castle proxy")]
    public Task<string> Castle() => End(_contenders.Castle.AskAsync(WrapperContenders.UserId, WrapperContenders.Question, CancellationToken.None));

    [Benchmark(Description = "the same, DispatchProxy")]
    public Task<string> DispatchProxy() => End(_contenders.DispatchProxy.AskAsync(WrapperContenders.UserId, WrapperContenders.Question, CancellationToken.None));

    private Task<string> End(Task<string> call) => _contenders.IsFailing ? CatchAsync(call) : call;

    private static async Task<string> CatchAsync(Task<string> call)
    {
        try
        {
            return await call;
        }
        catch (Exception)
        {
            return "";
        }
    }
}
