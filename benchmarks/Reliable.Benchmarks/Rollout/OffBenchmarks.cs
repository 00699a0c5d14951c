using BenchmarkDotNet.Attributes;
using Reliable.Benchmarks.Wrapper;

namespace Reliable.Benchmarks.Rollout;

/// <summary>What a wrapped method costs while Reliable is off, for everybody or for the user who calls, beside the bare call.</summary>
[MemoryDiagnoser]
public class OffBenchmarks
{
    private const string UserId = "8d3f7c1e-5b0a-4c53-9f0e-2f6f5f6b7a11";
    private const string Question = "It does not start.";

    private ReliableRuntime _off = null!;
    private ReliableRuntime _percent = null!;
    private BareAssistant _bare = null!;
    private SwitchedOffAssistant _switchedOff = null!;
    private SwitchedOffAssistant _notInPercent = null!;

    [GlobalSetup]
    public void SetUp()
    {
        var model = new Model(InnerCall.Completed);
        _off = ReliableRuntime.Create();
        _percent = ReliableRuntime.Create(static o => (o.Rollout.Mode, o.Rollout.Percent) = (RolloutMode.On, 1));
        _bare = new BareAssistant(model);
        _switchedOff = new SwitchedOffAssistant(model, _off);
        _notInPercent = new SwitchedOffAssistant(model, _percent);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _off.Dispose();
        _percent.Dispose();
    }

    [Benchmark(Baseline = true, Description = "bare call")]
    public Task<string> Bare() => _bare.AskAsync(UserId, Question, CancellationToken.None);

    [Benchmark(Description = "wrapped, off")]
    public Task<string> Off() => _switchedOff.AskAsync(UserId, Question, CancellationToken.None);

    [Benchmark(Description = "wrapped, on for 1 % of users, this one out")]
    public Task<string> OffByPercentage() => _notInPercent.AskAsync(UserId, Question, CancellationToken.None);

    [Benchmark(Description = "bare call, ValueTask")]
    public ValueTask<string> BareValue() => _bare.AskValueAsync(UserId, Question, CancellationToken.None);

    [Benchmark(Description = "wrapped, off, ValueTask")]
    public ValueTask<string> OffValue() => _switchedOff.AskValueAsync(UserId, Question, CancellationToken.None);
}
