using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;
using Reliable.Benchmarks.Wrapper;
using Reliable.Calls;

namespace Reliable.Benchmarks.Streams;

/// <summary>What passing one update on costs, of streams with 1,000 updates; opening, judging and charging the stream are in it, a thousandth for each.</summary>
/// <typeparam name="T">The type of the updates.</typeparam>
[MemoryDiagnoser]
[GenericTypeArguments(typeof(string))]
[GenericTypeArguments(typeof(ChatResponseUpdate))]
public class StreamBenchmarks<T>
{
    private const int Updates = 1_000;

    private static readonly CallPolicy s_policy = CallPolicy.Create("Benchmark.Stream", new RetryAttribute(), new ValidateResponseAttribute(), new UsageTransactionAttribute());

    private ReliableRuntime _runtime = null!;
    private CannedAnswer<T> _model = null!;

    [Params(InnerCall.Completed, InnerCall.Yielding)]
    public InnerCall Inner { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        object update = typeof(T) == typeof(string) ? " the next word" : new ChatResponseUpdate(ChatRole.Assistant, " the next word") { MessageId = "1" };
        _runtime = ReliableRuntime.Create(static o => o.Rollout.Mode = RolloutMode.On);
        _model = new CannedAnswer<T>((T)update, Updates, Inner);
    }

    [GlobalCleanup]
    public void CleanUp() => _runtime.Dispose();

    [Benchmark(Description = "bare enumeration", OperationsPerInvoke = Updates)]
    public ValueTask<int> Bare() => CountAsync(_model);

    [Benchmark(Baseline = true, Description = "hand-written pass-through iterator", OperationsPerInvoke = Updates)]
    public ValueTask<int> PassThrough() => CountAsync(PassThroughAsync(_model));

    [Benchmark(Description = "Reliable: held, judged, charged", OperationsPerInvoke = Updates)]
    public ValueTask<int> Streamed() => CountAsync(CallRunner.StreamAsync(_runtime, s_policy, _model, static (model, _, _) => model, userId: "u1"));

    private static async ValueTask<int> CountAsync(IAsyncEnumerable<T> stream)
    {
        int count = 0;
        await foreach (T update in stream.ConfigureAwait(false))
            count++;

        return count;
    }

    private static async IAsyncEnumerable<T> PassThroughAsync(IAsyncEnumerable<T> inner)
    {
        await foreach (T update in inner.ConfigureAwait(false))
            yield return update;
    }
}
