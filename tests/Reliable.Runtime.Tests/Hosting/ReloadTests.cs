using Microsoft.Extensions.Logging;
using Reliable.Infrastructure;

namespace Reliable.Hosting;

public sealed class ReloadTests
{
    private const string Refused = "[Reliable] The changed configuration is not taken";

    [Fact]
    public async Task Reload_WhenFileChanges_TakesTheChange()
    {
        await using HostHarness host = await new HostHarness("""{ "Reliable": { "Retry": { "MaxRetries": 1 } } }""").StartAsync();
        Assert.Equal(1, host.InForce.Retry.MaxRetries);

        host.WriteSection("""{ "Rollout": { "Mode": "On" }, "Retry": { "MaxRetries": 2 } }""");
        await Eventually.IsTrue(() => host.InForce.Retry.MaxRetries == 2, "the changed number of retries");

        Assert.Equal(RolloutMode.On, host.Runtime.Settings.Gate.Decide("u1", null));
        await Eventually.IsTrue(() => host.Log.Texts.Any(static text => text.Contains("On: all users, 2 retries", StringComparison.Ordinal)), "the line of what is in force");
    }

    [Fact]
    public async Task Reload_WhenChangeIsBad_KeepsTheOldLogsOnceAndTakesTheNextGoodOne()
    {
        await using HostHarness host = await new HostHarness("""{ "Reliable": { "Retry": { "MaxRetries": 1 } } }""").StartAsync();

        host.WriteSection("""{ "Retry": { "MaxRetries": 11 }, "Usage": { "Commit": "Never" } }""");
        await Eventually.IsTrue(() => host.Log.Of(Refused).Any(), "the refusal");
        Assert.Equal(1, host.InForce.Retry.MaxRetries);
        host.WriteSection("""{ "Retry": { "MaxRetries": 11 }, "Usage": { "Commit": "Never" }, "Rollout": { "Mode": "On" } }""");
        await Task.Delay(TimeSpan.FromSeconds(1));

        LogLine line = Assert.Single(host.Log.Lines, static line => line.Text.StartsWith(Refused, StringComparison.Ordinal));
        Assert.Equal((LogLevel.Error, 1402), (line.Level, line.EventId));
        Assert.Contains("'Reliable:Retry:MaxRetries' is '11'", line.Text, StringComparison.Ordinal);
        Assert.Contains("'Reliable:Usage:Commit' is 'Never'", line.Text, StringComparison.Ordinal);

        host.WriteSection("""{ "Retry": { "MaxRetries": 3 } }""");
        await Eventually.IsTrue(() => host.InForce.Retry.MaxRetries == 3, "the good change after the bad one");
    }

    [Fact]
    public async Task Reload_WhenFileIsNoJson_KeepsTheOldAndTakesTheNextGoodOne()
    {
        await using HostHarness host = await new HostHarness("""{ "Reliable": { "Retry": { "MaxRetries": 1 } } }""").StartAsync();

        host.Write("{ \"Reliable\": ");
        await Eventually.IsTrue(() => host.Log.Of(Refused).Any(), "the refusal");
        Assert.Equal(1, host.InForce.Retry.MaxRetries);

        host.WriteSection("""{ "Retry": { "MaxRetries": 2 } }""");
        await Eventually.IsTrue(() => host.InForce.Retry.MaxRetries == 2, "the good change after the broken file");
        string line = Assert.Single(host.Log.Of(Refused));
        Assert.Contains("'settings.json' cannot be read: ", line, StringComparison.Ordinal);
        Assert.Contains("LineNumber: 0", line, StringComparison.Ordinal);
    }

    // The configuration has nothing of the file any more, and says so to whoever reads it.
    [Fact]
    public async Task Reload_WhenAnotherSourceChangesWhileAFileCannotBeRead_KeepsTheOld()
    {
        var other = new ChangingSource();
        await using HostHarness host = await new HostHarness("""{ "Reliable": { "Rollout": { "Mode": "On" } } }""", sources: builder => builder.Add(other)).StartAsync();
        host.Write("{ \"Reliable\": { \"Rollout\": { \"Mode\": \"On\", }} ");
        await Eventually.IsTrue(() => host.Log.Of(Refused).Any(), "the refusal");

        other.Change("Reliable:Retry:MaxRetries", "2");
        await Task.Delay(TimeSpan.FromMilliseconds(200));
        Assert.Equal((RolloutMode.On, 3), (host.InForce.Rollout.Mode, host.InForce.Retry.MaxRetries));
        Assert.Single(host.Log.Of(Refused));

        host.WriteSection("""{ "Rollout": { "Mode": "Observe" } }""");
        await Eventually.IsTrue(() => host.InForce.Rollout.Mode == RolloutMode.Observe, "the good file");
        Assert.Equal(2, host.InForce.Retry.MaxRetries);
    }

    [Fact]
    public async Task Reload_WhenAnySourceAnnouncesAChange_TakesItAtOnce()
    {
        var source = new ChangingSource();
        await using HostHarness host = await new HostHarness(sources: builder => builder.Add(source)).StartAsync();

        source.Change("Reliable:Rollout:Mode", "On");
        Assert.Equal(RolloutMode.On, host.InForce.Rollout.Mode);
        source.Change("Reliable:Rollout:Mode", "Of");
        Assert.Equal(RolloutMode.On, host.InForce.Rollout.Mode);
        source.Change("Reliable:Rollout:Mode", "Off");
        Assert.Equal(RolloutMode.Off, host.InForce.Rollout.Mode);
        Assert.Single(host.Log.Of(Refused));
    }

    [Fact]
    public async Task Reload_WhenNothingOfReliableChanges_SaysNothing()
    {
        var source = new ChangingSource();
        await using HostHarness host = await new HostHarness(sources: builder => builder.Add(source)).StartAsync();

        source.Change("Logging:LogLevel:Default", "Warning");
        source.Change("Reliable:Retry:MaxRetrys", "1");
        source.Change("Logging:LogLevel:Default", "Information");

        Assert.Equal(2, host.Log.Lines.Count(static line => line.EventId == 1400));
        Assert.Single(host.Log.Lines, static line => line.EventId == 1401);
    }

    [Theory]
    [InlineData("JournalPath", "elsewhere", "'Reliable:Usage:JournalPath' was changed to 'elsewhere'. It is read on start only: '' stays in force until then.")]
    [InlineData("Journal", "PowerLoss", "'Reliable:Usage:Journal' was changed to 'PowerLoss'. It is read on start only: 'ProcessCrash' stays in force until then.")]
    public async Task Reload_WhenWhatIsReadOnStartChanges_SaysThatItNeedsARestart(string key, string value, string expected)
    {
        var source = new ChangingSource();
        await using HostHarness host = await new HostHarness(sources: builder => builder.Add(source)).StartAsync();

        source.Change("Reliable:Usage:" + key, value);

        Assert.Contains("[Reliable] " + expected, host.Log.Texts);
    }

    [Theory]
    [InlineData("W. Europe Standard Time", "Europe/Berlin")]
    [InlineData("America/New_York", "America/New_York")]
    public async Task Reload_WhenTheResetZoneChanges_GivesTheStoreItsIanaName(string zone, string expected)
    {
        var source = new ChangingSource();
        await using HostHarness host = await new HostHarness(sources: builder => builder.Add(source)).StartAsync();

        source.Change("Reliable:Usage:ResetTimeZone", zone);

        Assert.Equal(expected, host.Runtime.Settings.Terms.TimeZone);
    }

    [Fact]
    public async Task Reload_WhenTheStoreDoesNotKnowTheResetZone_KeepsTheOld()
    {
        var source = new ChangingSource();
        await using HostHarness host = await new HostHarness(
            """{ "Reliable": { "Usage": { "Journal": "None" } } }""", build: builder => builder.UseStore(_ => new UtcStore()), sources: builder => builder.Add(source)).StartAsync();

        source.Change("Reliable:Usage:ResetTimeZone", "Europe/Berlin");

        Assert.Contains(host.Log.Of(Refused), static text => text.Contains("'Reliable:Usage:ResetTimeZone' is 'Europe/Berlin'", StringComparison.Ordinal));
        Assert.Equal("UTC", host.Runtime.Settings.Terms.TimeZone);
    }

    [Fact]
    public async Task Reload_WhenCodeThrows_KeepsTheOldAndLogs()
    {
        bool fails = false;
        await using HostHarness host = await new HostHarness(
            """{ "Reliable": { "Retry": { "MaxRetries": 1 } } }""",
            _ =>
            {
                if (Volatile.Read(ref fails))
                    throw new FormatException("A setting of the application is wrong.");
            }).StartAsync();

        Volatile.Write(ref fails, true);
        host.WriteSection("""{ "Retry": { "MaxRetries": 2 } }""");

        await Eventually.IsTrue(() => host.Log.Of(Refused).Any(static text => text.Contains("A setting of the application is wrong.", StringComparison.Ordinal)), "the refusal");
        Assert.Equal(1, host.InForce.Retry.MaxRetries);
    }

    [Fact]
    public async Task Reload_WhenCodeSetsTheOption_StaysWithTheCode()
    {
        await using HostHarness host = await new HostHarness(
            """{ "Reliable": { "Retry": { "MaxRetries": 1 } } }""", static options => options.Retry.MaxRetries = 5).StartAsync();

        host.WriteSection("""{ "Retry": { "MaxRetries": 2 }, "Validation": { "MinLength": 20 } }""");
        await Eventually.IsTrue(() => host.InForce.Validation.MinLength == 20, "the changed length");

        Assert.Equal(5, host.InForce.Retry.MaxRetries);
    }
}
