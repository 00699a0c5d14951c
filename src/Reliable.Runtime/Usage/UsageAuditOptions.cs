namespace Reliable;

/// <summary>What an audit looks at. A value out of range is refused where it is set, with an <see cref="ArgumentException"/>.</summary>
public sealed record UsageAuditOptions
{
    /// <summary>The counter. Default: <see langword="null"/>, all of them.</summary>
    public string? Counter { get; init; }

    /// <summary>The users; those who do not exist are left out. Default: <see langword="null"/>, all of them.</summary>
    public IReadOnlyCollection<string>? Users { get; init; }

    /// <summary>What to look for, at least one kind. Default: everything.</summary>
    public UsageFindingKinds Kinds
    {
        get;
        init => field = value != UsageFindingKinds.None && (value & ~UsageFindingKinds.All) == 0
            ? value
            : throw new ArgumentException($"UsageAuditOptions.Kinds is '{value}'; it must be one or more of {Names(UsageFindingKinds.All)}.");
    }
    = UsageFindingKinds.All;

    /// <summary>The most findings that are returned, 1 to 100,000; whether there were more is said by the report. Default: 1,000.</summary>
    public int MaxFindings
    {
        get;
        init => field = value is >= 1 and <= 100_000
            ? value
            : throw new ArgumentException($"UsageAuditOptions.MaxFindings is '{value}'; it must be from 1 to 100000.");
    }
    = 1_000;

    /// <summary>How long one statement of the audit may take, from 1 second to 1 hour. Ignored by SQLite. Default: 5 minutes.</summary>
    public TimeSpan Timeout
    {
        get;
        init => field = value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromHours(1)
            ? value
            : throw new ArgumentException($"UsageAuditOptions.Timeout is '{value:c}'; it must be from 00:00:01 to 01:00:00.");
    }
    = TimeSpan.FromMinutes(5);

    internal static string Names(UsageFindingKinds kinds)
        => string.Join(", ", Enum.GetValues<UsageFindingKinds>().Where(k => int.IsPow2((int)k) && kinds.HasFlag(k)));
}
