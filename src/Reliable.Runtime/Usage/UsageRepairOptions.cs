namespace Reliable;

/// <summary>What a repair changes. A value out of range is refused where it is set, with an <see cref="ArgumentException"/>.</summary>
public sealed record UsageRepairOptions
{
    private const UsageFindingKinds Possible = UsageFindingKinds.Repairable | UsageFindingKinds.Orphaned;

    /// <summary>The counter. Default: <see langword="null"/>, all of them.</summary>
    public string? Counter { get; init; }

    /// <summary>The users; those who do not exist are left out. Default: <see langword="null"/>, all of them.</summary>
    public IReadOnlyCollection<string>? Users { get; init; }

    /// <summary>
    /// Which kinds of findings are repaired. Default: <see cref="UsageFindingKinds.Repairable"/>. <see cref="UsageFindingKinds.Orphaned"/> has to be named;
    /// <see cref="UsageFindingKinds.AboveLimit"/> cannot be repaired, since those charges were counted: raise the limit, or leave it.
    /// </summary>
    public UsageFindingKinds Kinds
    {
        get;
        init => field = value != UsageFindingKinds.None && (value & ~Possible) == 0
            ? value
            : throw new ArgumentException(
                $"UsageRepairOptions.Kinds is '{value}'; it must be one or more of {UsageAuditOptions.Names(Possible)}"
                + (value.HasFlag(UsageFindingKinds.AboveLimit) ? ". AboveLimit is a fact: raise the user's limit, or leave it." : "."));
    }
    = UsageFindingKinds.Repairable;

    /// <summary>The most findings that are repaired in one transaction, 1 to 100,000; the report says whether more are left. Default: 10,000.</summary>
    public int MaxFindings
    {
        get;
        init => field = value is >= 1 and <= 100_000
            ? value
            : throw new ArgumentException($"UsageRepairOptions.MaxFindings is '{value}'; it must be from 1 to 100000.");
    }
    = 10_000;

    /// <summary>How long one statement of the repair may take, from 1 second to 1 hour. Ignored by SQLite. Default: 5 minutes.</summary>
    public TimeSpan Timeout
    {
        get;
        init => field = value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromHours(1)
            ? value
            : throw new ArgumentException($"UsageRepairOptions.Timeout is '{value:c}'; it must be from 00:00:01 to 01:00:00.");
    }
    = TimeSpan.FromMinutes(5);
}
