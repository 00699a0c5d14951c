namespace Reliable.Configuration;

/// <summary>Names of time zones: configuration takes those of IANA and of Windows, databases know those of IANA.</summary>
internal static class TimeZones
{
    // UTC has the same name in both.
    public static string ToIana(string name) => !name.Equals("UTC", StringComparison.OrdinalIgnoreCase) && TimeZoneInfo.TryConvertWindowsIdToIanaId(name, out string? iana) ? iana : name;
}
