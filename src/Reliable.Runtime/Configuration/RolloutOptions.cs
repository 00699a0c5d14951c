namespace Reliable;

/// <summary>Whether Reliable acts, and for whom. Asked in the order Mode, DisabledUsers, DisabledModels, TestUsers, ActiveHours, Percent.</summary>
public sealed class RolloutOptions
{
    /// <summary>Off, observe or on. Default: <see cref="RolloutMode.Off"/>.</summary>
    public RolloutMode Mode { get; set; } = RolloutMode.Off;

    /// <summary>The share of users that are let in, 0 to 100; the same user always gets the same answer. Default: <see langword="null"/>, everyone.</summary>
    public int? Percent { get; set; }

    /// <summary>Users who are let in whatever the hours and the percentage. Default: none.</summary>
    public IList<string> TestUsers { get; set; } = [];

    /// <summary>Users for whom Reliable is off. Default: none.</summary>
    public IList<string> DisabledUsers { get; set; } = [];

    /// <summary>Models for which Reliable is off. Default: none.</summary>
    public IList<string> DisabledModels { get; set; } = [];

    /// <summary>The hours of the day in which Reliable acts, as <c>22-06</c> or <c>08:30-17:00</c>; the end is exclusive. Default: <see langword="null"/>, always.</summary>
    public string? ActiveHours { get; set; }

    /// <summary>The time zone of <see cref="ActiveHours"/>, as an IANA or Windows name. Default: <c>UTC</c>.</summary>
    public string TimeZone { get; set; } = "UTC";
}
