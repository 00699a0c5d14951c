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
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.Equal(1, host.InForce.Retry.MaxRetries);

        host.WriteSection("""{ "Retry": { "MaxRetries": 2 } }""");
        await Eventually.IsTrue(() => host.InForce.Retry.MaxRetries == 2, "the good change after the broken file");
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
