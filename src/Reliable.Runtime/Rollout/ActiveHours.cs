using System.Globalization;

namespace Reliable.Rollout;

/// <summary>A stretch of the day, such as <c>22-06</c> or <c>08:30-17:00</c>: the end is exclusive, and may lie after midnight.</summary>
internal readonly record struct ActiveHours(TimeOnly From, TimeOnly Until)
{
    public static bool TryParse(string text, out ActiveHours hours)
    {
        hours = default;
        string[] parts = text.Split('-', StringSplitOptions.TrimEntries);
        if (parts.Length != 2 || !TryParseTime(parts[0], out TimeOnly from) || !TryParseTime(parts[1], out TimeOnly until) || from == until)
        {
            return false;
        }

        hours = new ActiveHours(from, until);
        return true;
    }

    public bool Contains(TimeOnly time) => time.IsBetween(From, Until);

    private static bool TryParseTime(string text, out TimeOnly time)
        => text is "24" or "24:00"
            ? TimeOnly.TryParseExact("00:00", "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time)
            : TimeOnly.TryParseExact(text, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out time)
                || TimeOnly.TryParseExact(text + ":00", ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}
