using Reliable;

namespace ChatQuota.Api;

/// <summary>The body of a good answer.</summary>
internal sealed record ChatAnswer(string Answer, int Attempts, bool Fallback, UsageView Usage);

/// <summary>A user's counter, as the API shows it.</summary>
internal sealed record UsageView(long Used, long? Limit, long? Remaining, DateTimeOffset ResetsAt)
{
    public static UsageView Of(UsageSnapshot usage) => new(usage.Used, usage.Limit, usage.Remaining, usage.ResetsAt);
}
