using System.Globalization;

namespace Reliable;

/// <summary>A call was denied before the model was asked, because the user's quota does not allow it. Nothing was charged.</summary>
public sealed class UsageLimitExceededException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="counter">The counter.</param>
    /// <param name="usage">The counter's state when the call was denied; its <see cref="UsageSnapshot.DeniedReason"/> says why.</param>
    public UsageLimitExceededException(string userId, string counter, UsageSnapshot usage)
        : base(Describe(userId, counter, usage))
    {
        UserId = userId;
        Counter = counter;
        Usage = usage;
    }

    /// <summary>The user.</summary>
    public string UserId { get; }

    /// <summary>The counter.</summary>
    public string Counter { get; }

    /// <summary>The whole state of the counter when the call was denied.</summary>
    public UsageSnapshot Usage { get; }

    /// <summary>How much was counted when the call was denied.</summary>
    public long Used => Usage.Used;

    /// <summary>The limit, or <see langword="null"/> when the call was denied for another reason than a limit.</summary>
    public long? Limit => Usage.Limit;

    /// <summary>When the counter starts again from zero.</summary>
    public DateTimeOffset ResetsAt => Usage.ResetsAt;

    /// <summary>Why the call was denied.</summary>
    public string Reason => Usage.DeniedReason ?? "";

    private static string Describe(string userId, string counter, UsageSnapshot usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        string resets = usage.Limit is null ? "" : string.Create(CultureInfo.InvariantCulture, $" It resets at {usage.ResetsAt:u}.");
        return $"User '{userId}' may not use '{counter}': {usage.DeniedReason}.{resets}";
    }
}
