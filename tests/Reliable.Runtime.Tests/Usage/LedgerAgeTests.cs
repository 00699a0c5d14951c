namespace Reliable.Usage;

public sealed class LedgerAgeTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly StoreClock s_clock = new(s_now, new DateOnly(2026, 3, 10));

    [Theory]
    [InlineData(0, false)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(-2, false)]
    public void IsTooOld_WhenDayIsKnown_GoesByTheDay(int daysAgo, bool expected)
    {
        var charge = new Charge(Guid.CreateVersion7(s_now.AddYears(-1)), "u", "requests", 1);

        Assert.Equal(expected, LedgerAge.IsTooOld(charge, s_clock.Day.AddDays(-daysAgo), s_clock, TimeSpan.FromDays(3)));
    }

    [Theory]
    [InlineData(71.9, false)]
    [InlineData(72.1, true)]
    [InlineData(-9, false)]
    public void IsTooOld_WhenDayIsUnknown_GoesByTheId(double hoursAgo, bool expected)
    {
        var charge = new Charge(Guid.CreateVersion7(s_now.AddHours(-hoursAgo)), "u", "requests", 1);

        Assert.Equal(expected, LedgerAge.IsTooOld(charge, null, s_clock, TimeSpan.FromDays(3)));
    }

    [Fact]
    public void IsTooOld_WhenIdHasNoTime_IsNot()
        => Assert.False(LedgerAge.IsTooOld(new Charge(Guid.Parse("00000000-0000-4000-8000-000000000000"), "u", "requests", 1), null, s_clock, TimeSpan.FromDays(3)));
}
