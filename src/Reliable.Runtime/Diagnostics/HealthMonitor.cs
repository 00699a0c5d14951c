using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Reliable.Diagnostics;

/// <summary>Looks at what happened in the last minutes, whenever somebody asks and every few seconds, and logs when a rule starts to hold or ceases to.</summary>
internal sealed class HealthMonitor(RuntimeCounts counts, Func<HealthOptions> options, Func<string?> refusal, Func<long> nowMs, ILogger logger)
{
    private readonly Lock _lock = new();
    private readonly long _startMs = nowMs();
    private readonly HealthWindow _overall = new(nowMs());
    private readonly Dictionary<string, HealthWindow> _models = new(StringComparer.Ordinal);
    private readonly long[] _counts = new long[CallCounts.Size];
    private readonly long[] _sums = new long[HealthWindow.Size];
    private readonly List<(HealthRule Rule, string? Model)> _holding = [];

    /// <summary>The state now.</summary>
    public ReliableHealth Read()
    {
        HealthOptions limits = options();
        string? refused = refusal();
        lock (_lock)
        {
            ReliableHealth health = Measure(limits);
            HealthFinding[] findings = [.. HealthRules.Find(health, limits, refused)];
            Report(findings);
            HealthStatus status = findings.Length == 0
                ? HealthStatus.Healthy
                : findings.Any(static finding => HealthRules.IsUnhealthy(finding.Rule)) ? HealthStatus.Unhealthy : HealthStatus.Degraded;
            return health with { Status = status, Findings = findings };
        }
    }

    /// <summary>Reads for the sake of the log lines; a logger that throws ends no process.</summary>
    public void Look()
    {
        try
        {
            Read();
        }
        catch (Exception)
        {
            // The application's own code: its logger. The rules are looked at again in a moment.
        }
    }

    private ReliableHealth Measure(HealthOptions limits)
    {
        long now = nowMs();
        long window = (long)limits.Window.TotalMilliseconds;
        counts.ReadCalls(_counts);
        _overall.Read(now, window, _counts, counts, _sums);
        var health = new ReliableHealth(
            HealthStatus.Healthy,
            Score: 0,
            TimeSpan.FromMilliseconds(Math.Min(window, now - _startMs)),
            HealthWindow.ToHealth(null, _sums),
            Models: [],
            _sums[HealthWindow.Committed],
            _sums[HealthWindow.RolledBack],
            _sums[HealthWindow.CommitFailures],
            Findings: []);
        return health with
        {
            Score = HealthRules.Score(health.Overall.RetryPercent, health.RollbackPercent, health.CommitSuccessPercent),
            Models = MeasureModels(now, window),
        };
    }

    private List<ModelHealth> MeasureModels(long now, long window)
    {
        var models = new List<ModelHealth>();
        foreach (CallCounts model in counts.Models)
        {
            string name = model.Model!;
            if (!_models.TryGetValue(name, out HealthWindow? known))
            {
                // Nothing was known of it when it was looked at last, or ever: all it has come to is of the window.
                _models[name] = known = new HealthWindow(now);
            }

            Array.Clear(_counts);
            model.AddTo(_counts);
            known.Read(now, window, _counts, transactions: null, _sums);
            if (HealthWindow.ToHealth(name, _sums) is { } health && (health.Calls > 0 || health.Retries > 0))
            {
                models.Add(health);
            }
        }

        models.Sort(static (one, other) => string.CompareOrdinal(one.Model, other.Model));
        return models;
    }

    private void Report(HealthFinding[] findings)
    {
        foreach (HealthFinding finding in findings)
        {
            if (!_holding.Contains((finding.Rule, finding.Model)))
            {
                _holding.Add((finding.Rule, finding.Model));
                Log.HealthRuleHolds(logger, finding.Rule, finding.Message);
            }
        }

        for (int i = _holding.Count - 1; i >= 0; i--)
        {
            (HealthRule rule, string? model) = _holding[i];
            if (!Array.Exists(findings, finding => finding.Rule == rule && finding.Model == model))
            {
                _holding.RemoveAt(i);
                Log.HealthRuleCeased(logger, rule, model is null ? "all" : LogText.Clean(model));
            }
        }
    }
}
