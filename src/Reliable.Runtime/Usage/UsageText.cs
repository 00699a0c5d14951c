using System.Globalization;
using Reliable.Transactions;

namespace Reliable.Usage;

/// <summary>Counters in words.</summary>
internal static class UsageText
{
    public const string UnknownUser = "the user is unknown";

    public static string Limit(long? limit) => limit?.ToString(CultureInfo.InvariantCulture) ?? "unlimited";

    public static string LimitReached(long used, long reserved, long? limit) => reserved > 0
        ? string.Create(CultureInfo.InvariantCulture, $"the daily limit is reached ({used} used and {reserved} reserved of {limit})")
        : string.Create(CultureInfo.InvariantCulture, $"the daily limit is reached ({used} of {limit} used)");

    /// <summary>The state of a quota as users see it.</summary>
    public static UsageSnapshot Snapshot(Quota quota, int amount, DateTimeOffset resetsAt)
    {
        (long used, long reserved) = quota.Read();
        long? limit = quota.Limit;
        string? denied = quota.Terms is { Exists: false }
            ? UnknownUser
            : limit is { } most && used + reserved + amount > most ? LimitReached(used, reserved, limit) : null;
        return new UsageSnapshot(used, reserved, quota.Terms is { Exists: false } ? null : limit, resetsAt, denied);
    }
}
