using System.Globalization;
using Reliable.Infrastructure;

namespace Reliable.Usage;

public sealed class DayClockTests
{
    [Theory]
    [InlineData("2026-03-10T23:59:59Z", "UTC", "2026-03-10", "2026-03-11T00:00:00Z")]
    [InlineData("2026-03-10T23:00:00Z", "Europe/Berlin", "2026-03-11", "2026-03-11T23:00:00Z")]
    [InlineData("2026-03-28T23:30:00Z", "Europe/Berlin", "2026-03-29", "2026-03-29T22:00:00Z")] // a day of 23 hours
    [InlineData("2026-10-24T22:30:00Z", "Europe/Berlin", "2026-10-25", "2026-10-25T23:00:00Z")] // a day of 25 hours
    [InlineData("2026-03-10T12:00:00Z", "Pacific/Kiritimati", "2026-03-11", "2026-03-11T10:00:00Z")]
    [InlineData("2026-03-10T12:00:00Z", "Asia/Kathmandu", "2026-03-10", "2026-03-10T18:15:00Z")]
    [InlineData("2024-03-30T12:00:00Z", "Asia/Beirut", "2024-03-30", "2024-03-30T22:00:00Z")] // midnight does not exist
    [InlineData("2024-11-02T12:00:00Z", "America/Havana", "2024-11-02", "2024-11-03T04:00:00Z")] // midnight comes twice
    public void Read_InAZone_NamesTheDayAndItsEnd(string now, string zone, string day, string resetsAt)
    {
        var clock = new DayClock(new FakeTimeProvider(Parse(now)));

        (DateTimeOffset seen, DateOnly today, DateTimeOffset end) = clock.Read(zone);

        Assert.Equal(Parse(now), seen);
        Assert.Equal(DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture), today);
        Assert.Equal(Parse(resetsAt), end);
        Assert.Equal(today, clock.Today(zone));
    }

    [Theory]
    [InlineData("America/Havana")]
    [InlineData("Asia/Beirut")]
    [InlineData("Europe/Berlin")]
    [InlineData("Australia/Lord_Howe")]
    public void Read_ThroughAYear_EndsEachDayWhereTheNextBegins(string zone)
    {
        var start = new DateTimeOffset(2024, 1, 1, 12, 0, 0, TimeSpan.Zero);
        var clock = new FakeTimeProvider(start);
        var days = new DayClock(clock);
        for (int i = 0; i < 366; i++)
        {
            (DateTimeOffset now, DateOnly today, DateTimeOffset end) = days.Read(zone);
            clock.Advance(end - now - TimeSpan.FromTicks(1));
            Assert.Equal(today, days.Today(zone));
            clock.Advance(TimeSpan.FromTicks(1));
            Assert.Equal(today.AddDays(1), days.Today(zone));
        }
    }

    private static DateTimeOffset Parse(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
