using Reliable;

namespace ChatQuota.Telemetry;

/// <summary>The calls of one model.</summary>
internal sealed record LiveModel(string Name, long Requests, long Retries, long Rejections, long Fallbacks, double RetryPercent)
{
    public static LiveModel Of(CallStatistics model, ReliableHealth health)
        => new(
            model.Model!,
            model.Requests,
            model.Retries,
            model.Rejections.Values.Sum(),
            model.FallbackAttempts,
            health.Models.FirstOrDefault(recent => recent.Model == model.Model)?.RetryPercent ?? 0);
}
