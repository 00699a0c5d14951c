using System.Globalization;

namespace Reliable.Rollout;

public sealed class ActiveHoursTests
{
    [Theory]
    [InlineData("22-06", "22:00", "06:00")]
    [InlineData("8-17", "08:00", "17:00")]
    [InlineData("08:30 - 17:05", "08:30", "17:05")]
    [InlineData("8:30-9", "08:30", "09:00")]
    [InlineData("18-24", "18:00", "00:00")]
    [InlineData("24:00-6", "00:00", "06:00")]
    public void TryParse_WhenTextIsWellFormed_ReadsBothEnds(string text, string from, string until)
    {
        Assert.True(ActiveHours.TryParse(text, out ActiveHours hours));
        Assert.Equal(new ActiveHours(At(from), At(until)), hours);
    }

    [Theory]
    [InlineData("")]
    [InlineData("22")]
    [InlineData("22-")]
    [InlineData("-6")]
    [InlineData("22-06-08")]
    [InlineData("25-06")]
    [InlineData("24:01-06")]
    [InlineData("22:60-06")]
    [InlineData("8:5-9")]
    [InlineData("08:00:00-09:00:00")]
    [InlineData("10pm-6am")]
    [InlineData("08-08")]
    [InlineData("00-24")]
    public void TryParse_WhenTextIsNot_Fails(string text) => Assert.False(ActiveHours.TryParse(text, out _));

    [Theory]
    [InlineData("08:30-17:00", "08:29", false)]
    [InlineData("08:30-17:00", "08:30", true)]
    [InlineData("08:30-17:00", "16:59", true)]
    [InlineData("08:30-17:00", "17:00", false)]
    [InlineData("18-24", "23:59", true)]
    [InlineData("18-24", "00:00", false)]
    [InlineData("22-06", "12:00", false)]
    public void Contains_WhenAsked_IncludesTheStartAndNotTheEnd(string text, string time, bool expected)
    {
        Assert.True(ActiveHours.TryParse(text, out ActiveHours hours));
        Assert.Equal(expected, hours.Contains(At(time)));
    }

    private static TimeOnly At(string time) => TimeOnly.ParseExact(time, "HH:mm", CultureInfo.InvariantCulture);
}
