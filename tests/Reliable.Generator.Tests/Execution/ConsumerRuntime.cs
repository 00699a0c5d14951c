namespace Reliable.Generator.Tests.Execution;

/// <summary>The runtime that generated code runs on here: switched on, counters in memory, no delays.</summary>
internal static class ConsumerRuntime
{
    public static ReliableRuntime Create() => ReliableRuntime.Create(static options =>
    {
        options.Rollout.Mode = RolloutMode.On;
        options.Retry.Backoff = [TimeSpan.Zero];
    });
}
