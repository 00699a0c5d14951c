using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Reliable.Retry;

/// <summary>
/// Builds a method's Polly pipeline: total timeout, retry, the application's own strategies, attempt timeout. Polly owns delays and timeouts; what is worth a
/// retry is the call's decision, and how long to wait is decided here.
/// </summary>
internal static class AttemptPipeline
{
    /// <summary>Carries the call through the pipeline.</summary>
    public static readonly ResiliencePropertyKey<IRetryDecisions> Run = new("Reliable.Run");

    private static readonly TimeSpan s_leastTime = TimeSpan.FromMilliseconds(1);

    /// <param name="name">The method's name.</param>
    /// <param name="settings">How it is retried.</param>
    /// <param name="time">The clock of delays and timeouts.</param>
    /// <param name="random">Numbers from 0 to 1 for jitter.</param>
    /// <param name="strategies">Adds the application's own strategies; <see langword="null"/> for a method that is not retried.</param>
    public static ResiliencePipeline Build(
        string name, RetrySettings settings, TimeProvider time, Func<double> random, Action<ResiliencePipelineBuilder>? strategies)
    {
        var builder = new ResiliencePipelineBuilder { Name = name, TimeProvider = time };
        if (settings.TotalTimeout > TimeSpan.Zero)
        {
            builder.AddTimeout(new TimeoutStrategyOptions
            {
                Name = "Reliable.TotalTimeout",
                TimeoutGenerator = args => new(TimeLeft(settings.TotalTimeout, args.Context.Properties.GetValue(Run, null!).TimeBefore)),
            });
        }

        if (settings.MaxRetries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                Name = "Reliable.Retry",
                MaxRetryAttempts = settings.MaxRetries,
                ShouldHandle = static args => new(args.Context.Properties.GetValue(Run, null!).IsWorthRetrying(args.Outcome.Exception)),
                DelayGenerator = args => new(settings.DelayBefore(
                    args.Context.Properties.GetValue(Run, null!).RetriesBefore + args.AttemptNumber, RetryAfter.From(args.Outcome.Exception, time), settings.Jitter ? random() : 0)),
                OnRetry = static args =>
                {
                    args.Context.Properties.GetValue(Run, null!).OnRetry(args.RetryDelay);
                    return default;
                },
            });
        }

        strategies?.Invoke(builder);
        if (settings.AttemptTimeout > TimeSpan.Zero)
        {
            builder.AddTimeout(new TimeoutStrategyOptions { Timeout = settings.AttemptTimeout, Name = "Reliable.AttemptTimeout" });
        }

        return builder.Build();
    }

    // Never nothing: to Polly that is no limit at all.
    private static TimeSpan TimeLeft(TimeSpan total, TimeSpan before) => total - before is var left && left > s_leastTime ? left : s_leastTime;
}
