using Reliable.Infrastructure;

namespace Reliable.Rollout;

public sealed class RolloutGateTests
{
    [Theory]
    [InlineData(RolloutMode.Off)]
    [InlineData(RolloutMode.Observe)]
    [InlineData(RolloutMode.On)]
    public void Decide_WhenNothingElseIsSet_IsTheMode(RolloutMode mode)
    {
        RolloutGate gate = Gate(o => o.Mode = mode);

        Assert.Equal(mode, gate.Decide("u1", "m1"));
        Assert.Equal(mode, gate.Decide(null, null));
    }

    [Fact]
    public void Decide_WhenModeIsOff_IsOffForTestUsersToo()
        => Assert.Equal(RolloutMode.Off, Gate(static o => (o.Mode, o.TestUsers) = (RolloutMode.Off, ["u1"])).Decide("u1", null));

    [Fact]
    public void Decide_WhenUserIsDisabledAndTester_IsOff()
        => Assert.Equal(RolloutMode.Off, Gate(static o => (o.DisabledUsers, o.TestUsers) = (["u1"], ["u1"])).Decide("u1", null));

    [Theory]
    [InlineData("gpt-x", RolloutMode.Off)]
    [InlineData("GPT-X", RolloutMode.Off)]
    [InlineData("gpt-y", RolloutMode.On)]
    [InlineData(null, RolloutMode.On)]
    public void Decide_WhenModelIsDisabled_IsOffForTestUsersToo(string? model, RolloutMode expected)
        => Assert.Equal(expected, Gate(static o => (o.DisabledModels, o.TestUsers) = (["gpt-x"], ["u1"])).Decide("u1", model));

    [Fact]
    public void Decide_WhenUserIsTester_IsInWhateverTheHoursAndThePercentage()
    {
        RolloutGate gate = Gate(static o => (o.TestUsers, o.ActiveHours, o.Percent) = (["u1"], "01-02", 0));

        Assert.Equal(RolloutMode.On, gate.Decide("u1", null));
        Assert.Equal(RolloutMode.Off, gate.Decide("u2", null));
        Assert.Equal(RolloutMode.Off, gate.Decide("U1", null));
    }

    [Fact]
    public void Decide_WhenOutsideTheHours_IsOffWhateverThePercentage()
        => Assert.Equal(RolloutMode.Off, Gate(static o => (o.ActiveHours, o.Percent) = ("01-02", 100)).Decide("u1", null));

    [Fact]
    public void Decide_WhenUserIsDisabled_LeavesOthersIn()
    {
        RolloutGate gate = Gate(static o => o.DisabledUsers = ["u1"]);

        Assert.Equal(RolloutMode.Off, gate.Decide("u1", null));
        Assert.Equal(RolloutMode.On, gate.Decide("u2", null));
        Assert.Equal(RolloutMode.On, gate.Decide(null, null));
    }

    [Theory]
    [InlineData(null, RolloutMode.On)]
    [InlineData(100, RolloutMode.On)]
    [InlineData(99, RolloutMode.Off)]
    [InlineData(0, RolloutMode.Off)]
    public void Decide_WhenThereIsNoUser_IsInAtHundredPercentOnly(int? percent, RolloutMode expected)
        => Assert.Equal(expected, Gate(o => o.Percent = percent).Decide(null, null));

    [Fact]
    public void Decide_WhenThePercentageRises_OnlyAddsUsers()
    {
        RolloutGate[] gates = [.. Enumerable.Range(0, 101).Select(static percent => Gate(o => o.Percent = percent))];
        for (int user = 0; user < 2_000; user++)
        {
            int bucket = Bucket.Of($"u{user}");
            RolloutMode before = RolloutMode.Off;
            for (int percent = 0; percent <= 100; percent++)
            {
                RolloutMode now = gates[percent].Decide($"u{user}", null);
                Assert.Equal(bucket < percent ? RolloutMode.On : RolloutMode.Off, now);
                Assert.True(now >= before, $"'u{user}' was in below {percent} % and is out at it.");
                before = now;
            }
        }
    }

    [Fact]
    public void Decide_WhenObserving_ObservesThoseWhoAreInOnly()
    {
        RolloutGate gate = Gate(static o => (o.Mode, o.DisabledUsers) = (RolloutMode.Observe, ["u1"]));

        Assert.Equal(RolloutMode.Off, gate.Decide("u1", null));
        Assert.Equal(RolloutMode.Observe, gate.Decide("u2", null));
    }

    [Theory]
    [InlineData("2026-03-10T21:59:59Z", RolloutMode.Off)]
    [InlineData("2026-03-10T22:00:00Z", RolloutMode.On)]
    [InlineData("2026-03-11T00:00:00Z", RolloutMode.On)]
    [InlineData("2026-03-11T05:59:59Z", RolloutMode.On)]
    [InlineData("2026-03-11T06:00:00Z", RolloutMode.Off)]
    public void Decide_WhenHoursSpanMidnight_IsInUntilTheEnd(string now, RolloutMode expected)
        => Assert.Equal(expected, Gate(static o => o.ActiveHours = "22-06", now).Decide("u1", null));

    [Theory]
    [InlineData("2026-03-29T00:59:59Z", RolloutMode.Off)] // 01:59:59 in Berlin, a second before clocks go forward
    [InlineData("2026-03-29T01:00:00Z", RolloutMode.On)] // 03:00
    [InlineData("2026-03-29T02:00:00Z", RolloutMode.Off)] // 04:00
    [InlineData("2026-10-25T00:30:00Z", RolloutMode.On)] // 02:30 summer time
    [InlineData("2026-10-25T01:30:00Z", RolloutMode.On)] // 02:30 again, winter time
    [InlineData("2026-10-25T03:00:00Z", RolloutMode.Off)] // 04:00
    [InlineData("2026-07-01T00:00:00Z", RolloutMode.On)] // 02:00 summer time
    [InlineData("2026-01-01T00:00:00Z", RolloutMode.Off)] // 01:00 winter time
    public void Decide_WhenClocksChange_GoesByTheLocalTime(string now, RolloutMode expected)
        => Assert.Equal(expected, Gate(static o => (o.ActiveHours, o.TimeZone) = ("02-04", "Europe/Berlin"), now).Decide("u1", null));

    // 22:00 to 06:00 in Berlin: seven hours in the night in which clocks go forward, nine in the one in which they go back.
    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28T20:00:00Z", 7)]
    [InlineData("Europe/Berlin", "2026-10-24T19:00:00Z", 9)]
    [InlineData("Europe/Berlin", "2026-06-01T19:00:00Z", 8)]
    [InlineData("W. Europe Standard Time", "2026-03-28T20:00:00Z", 7)]
    [InlineData("W. Europe Standard Time", "2026-10-24T19:00:00Z", 9)]
    [InlineData("America/New_York", "2026-03-08T00:00:00Z", 7)]
    [InlineData("Eastern Standard Time", "2026-11-01T00:00:00Z", 9)]
    public void Decide_WhenClocksChangeInTheNight_IsInFromTheStartToTheEndByTheLocalClock(string zone, string from, int hours)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse(from, System.Globalization.CultureInfo.InvariantCulture));
        var gate = new RolloutGate(new RolloutOptions { Mode = RolloutMode.On, ActiveHours = "22-06", TimeZone = zone }, clock);
        List<int> minutes = [];
        for (int minute = 0; minute < 16 * 60; minute++)
        {
            if (gate.Decide("u1", null) == RolloutMode.On)
                minutes.Add(minute);
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(hours * 60, minutes.Count);
        Assert.Equal(minutes.Count, minutes[^1] - minutes[0] + 1);
    }

    [Theory]
    [InlineData("Europe/Berlin", "W. Europe Standard Time")]
    [InlineData("America/New_York", "Eastern Standard Time")]
    [InlineData("Asia/Kolkata", "India Standard Time")]
    public void Decide_WhenTheZoneHasTwoNames_IsTheSameAtEveryHourOfTheYear(string iana, string windows)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var one = new RolloutGate(new RolloutOptions { Mode = RolloutMode.On, ActiveHours = "08:30-17", TimeZone = iana }, clock);
        var other = new RolloutGate(new RolloutOptions { Mode = RolloutMode.On, ActiveHours = "08:30-17", TimeZone = windows }, clock);
        for (int half = 0; half < 365 * 48; half++)
        {
            Assert.Equal(one.Decide("u1", null), other.Decide("u1", null));
            clock.Advance(TimeSpan.FromMinutes(30));
        }
    }

    [Fact]
    public void Decide_WhenTimePasses_FollowsTheClock()
    {
        var clock = new FakeTimeProvider();
        var options = new RolloutOptions { Mode = RolloutMode.On, ActiveHours = "12:00-13:30" };
        var gate = new RolloutGate(options, clock);

        Assert.Equal(RolloutMode.On, gate.Decide("u1", null));
        clock.Advance(TimeSpan.FromMinutes(90));
        Assert.Equal(RolloutMode.Off, gate.Decide("u1", null));
    }

    private static RolloutGate Gate(Action<RolloutOptions> configure, string now = "2026-03-10T12:00:00Z")
    {
        var options = new RolloutOptions { Mode = RolloutMode.On };
        configure(options);
        return new RolloutGate(options, new FakeTimeProvider(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)));
    }
}
