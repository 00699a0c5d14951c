using System.Collections.Concurrent;
using Reliable.Calls;
using Reliable.Rollout;
using Reliable.Usage;

namespace Reliable.Configuration;

/// <summary>One configuration in force: checked, and put into the form in which calls use it. A reload makes another one; calls in flight keep theirs.</summary>
internal sealed class RuntimeSettings
{
    /// <summary>How old the store's word on a counter may be before it is asked again.</summary>
    private const long RefreshAfter = 5_000;

    /// <summary>For how long a call goes on with what is known when the store cannot be asked.</summary>
    public const long GoOnMs = 1_000;

    private readonly ConcurrentDictionary<CallPolicy, BoundPolicy> _policies = new();

    public RuntimeSettings(ReliableOptions options, TimeProvider time)
    {
        Options = options;
        Gate = new RolloutGate(options.Rollout, time);
        Terms = new UsageTerms(options.Usage.DefaultLimit, TimeZones.ToIana(options.Usage.ResetTimeZone));
        TimeToLiveMs = (int)options.Transactions.Timeout.TotalMilliseconds;
        Committer = new CommitterSettings(options.Usage.Commit, (long)options.Usage.CommitTimeout.TotalMilliseconds, RefreshAfter, Terms);
    }

    public ReliableOptions Options { get; }

    public RolloutGate Gate { get; }

    public UsageTerms Terms { get; }

    public int TimeToLiveMs { get; }

    public CommitterSettings Committer { get; }

    /// <summary>What a method's policy comes to under this configuration.</summary>
    public BoundPolicy Bind(CallPolicy policy, ReliableRuntime runtime)
        => _policies.GetOrAdd(policy, static (key, state) => new BoundPolicy(key, state.Settings, state.Runtime), (Settings: this, Runtime: runtime));
}
