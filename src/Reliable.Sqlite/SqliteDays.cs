using System.Globalization;
using Reliable.Usage;

namespace Reliable.Sqlite;

/// <summary>Which day it is in a time zone, and how a day is kept in the file.</summary>
internal static class SqliteDays
{
    private const string Format = "yyyy-MM-dd";

    /// <exception cref="UsageStoreException">This machine does not know the zone.</exception>
    public static void CheckZone(string timeZone)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out _))
            throw new UsageStoreException($"Usage:ResetTimeZone is '{timeZone}', which this machine does not know. Use an IANA name such as 'Europe/Vienna'.");
    }

    public static DateOnly DayOf(DateTimeOffset instant, string timeZone)
        => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById(timeZone)).DateTime);

    /// <summary>The first moment of a day: not always midnight once, for clocks may be set over it.</summary>
    public static DateTimeOffset StartOf(DateOnly day, string timeZone)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        DateTime midnight = day.ToDateTime(TimeOnly.MinValue);
        TimeSpan offset = zone.IsInvalidTime(midnight) ? zone.GetUtcOffset(midnight.AddDays(-1))
            : zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max()
            : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset).ToUniversalTime();
    }

    /// <summary>Whether a day is so far ahead that it must be a mistake.</summary>
    public static bool IsBogus(DateOnly day, DateOnly today) => day.DayNumber >= today.DayNumber + 2;

    public static string ToText(DateOnly day) => day.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>The day in a column; whatever is not one is long ago.</summary>
    public static DateOnly FromColumn(object value)
        => value is string text && DateOnly.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? day
            : DateOnly.MinValue;
}
