using Polly;
using Polly.Retry;
using Polly.Timeout;
using Reliable.Calls;

namespace Reliable.Retry;

/// <summary>
/// Builds a method's Polly pipeline: total timeout, retry, the application's own strategies, attempt timeout. Polly owns delays and timeouts; what is worth a
/// retry and how long to wait is decided here.
/// </summary>
internal static class AttemptPipeline
{
    /// <summary>Carries the call through the pipeline.</summary>
    public static readonly ResiliencePropertyKey<RetryRun> Run = new("Reliable.Run");

    public static ResiliencePipeline Build(BoundPolicy policy, ReliableRuntime runtime)
    {
        RetrySettings settings = policy.Retry;
        var builder = new ResiliencePipelineBuilder { Name = policy.Operation, TimeProvider = runtime.Time };
        if (settings.TotalTimeout > TimeSpan.Zero)
        {
            builder.AddTimeout(new TimeoutStrategyOptions { Timeout = settings.TotalTimeout, Name = "Reliable.TotalTimeout" });
        }

        if (settings.MaxRetries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                Name = "Reliable.Retry",
                MaxRetryAttempts = settings.MaxRetries,
                ShouldHandle = static args => new(args.Context.Properties.GetValue(Run, null!).IsWorthRetrying(args.Outcome.Exception)),
                DelayGenerator = args => new(settings.DelayBefore(
                    args.AttemptNumber, RetryAfter.From(args.Outcome.Exception, runtime.Time), settings.Jitter ? runtime.NextRandom() : 0)),
                OnRetry = static args =>
                {
                    args.Context.Properties.GetValue(Run, null!).OnRetry(args.RetryDelay);
                    return default;
                },
            });
        }

        if (policy.HasRetry)
        {
            runtime.ConfigureAttempts(builder);
        }

        if (settings.AttemptTimeout > TimeSpan.Zero)
        {
            builder.AddTimeout(new TimeoutStrategyOptions { Timeout = settings.AttemptTimeout, Name = "Reliable.AttemptTimeout" });
        }

        return builder.Build();
    }
}
