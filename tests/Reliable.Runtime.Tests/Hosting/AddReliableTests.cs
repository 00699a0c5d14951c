using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Reliable.Calls;
using Reliable.Infrastructure;
using Reliable.Usage;

namespace Reliable.Hosting;

public sealed class AddReliableTests
{
    private const string Json = """{ "Reliable": { "Rollout": { "Mode": "On" }, "Retry": { "MaxRetries": 1 } } }""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AddReliable_WhenGivenConfigurationOrItsSection_ReadsIt(bool passSection)
    {
        await using HostHarness host = await new HostHarness(Json, passSection: passSection).StartAsync();
        Assert.Equal(1, host.InForce.Retry.MaxRetries);
    }

    [Fact]
    public async Task AddReliable_WhenCodeSetsTheOption_StandsAboveTheConfiguration()
    {
        await using HostHarness host = await new HostHarness(Json, static options => options.Retry.MaxRetries = 2).StartAsync();
        Assert.Equal((2, RolloutMode.On), (host.InForce.Retry.MaxRetries, host.InForce.Rollout.Mode));
    }

    [Fact]
    public async Task AddReliable_WhenGivenCodeOnly_UsesIt()
    {
        var services = new ServiceCollection();
        services.AddReliable(static options => options.Retry.MaxRetries = 4);
        await using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Equal(4, provider.GetRequiredService<ReliableRuntime>().Settings.Options.Retry.MaxRetries);
        Assert.IsType<MemoryUsageStore>(provider.GetRequiredService<IUsageStore>());
    }

    [Fact]
    public async Task AddReliable_WhenCalledTwice_HasOneRuntimeOneServiceAndBothConfigurations()
    {
        var services = new ServiceCollection();
        services.AddReliable(static options => options.Retry.MaxRetries = 4);
        services.AddReliable(static options => options.Validation.MinLength = 4);
        await using ServiceProvider provider = services.BuildServiceProvider();

        ReliableRuntime runtime = Assert.Single(provider.GetServices<ReliableRuntime>());
        Assert.Single(provider.GetServices<IHostedService>());
        Assert.Equal((4, 4), (runtime.Settings.Options.Retry.MaxRetries, runtime.Settings.Options.Validation.MinLength));
    }

    [Fact]
    public async Task Start_WhenOptionsAreWrong_FailsNamingEveryMistake()
    {
        await using var host = new HostHarness("""{ "Reliable": { "Retry": { "MaxRetries": 11, "Jitter": "x" }, "Usage": { "ResetTimeZone": "Nowhere" } } }""");

        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.Host.StartAsync());

        Assert.Equal(3, exception.Failures.Count());
        Assert.All(["Retry:MaxRetries", "Retry:Jitter", "Usage:ResetTimeZone"], key => Assert.Contains($"'Reliable:{key}'", exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_WhenOn_LogsWhatIsInForce()
    {
        await using HostHarness host = await new HostHarness(
            """{ "Reliable": { "Rollout": { "Mode": "On", "Percent": 25 }, "Retry": { "Backoff": "00:00:00.5" }, "Usage": { "DefaultLimit": 50 } } }""").StartAsync();

        LogLine line = Assert.Single(host.Log.Lines, static line => line.EventId == 1400);
        Assert.Equal(
            "[Reliable] On: 25 % of users, 3 retries after 0.5 s, fallback on, answers of at least 10 characters, default limit 50, counters in Memory", line.Text);
    }

    [Fact]
    public async Task Start_WhenEverythingIsSet_LogsAllThatDecides()
    {
        await using HostHarness host = await new HostHarness(
            """
            { "Reliable": { "Preset": "Aggressive",
              "Rollout": { "Mode": "Observe", "TestUsers": "u1,u2", "DisabledUsers": "u3", "DisabledModels": ["m1", "m2"], "ActiveHours": "22-06", "TimeZone": "Europe/Berlin" },
              "Retry": { "MaxRetries": 0 }, "Methods": { "B.Ask": { "MinLength": 1 }, "A.Ask": { "MinLength": 1 } } } }
            """).StartAsync();

        Assert.Equal(
            "[Reliable] Observe: as off, and what would be different is logged and measured, for all users, 2 test users, not for 1 disabled users, not with m1 and m2, "
            + "from 22-06 in Europe/Berlin, preset Aggressive, no retries, fallback on, answers of at least 10 characters, default limit unlimited, "
            + "settings of their own for A.Ask and B.Ask, counters in Memory",
            Assert.Single(host.Log.Lines, static line => line.EventId == 1400).Text);
    }

    [Fact]
    public async Task Start_WhenAnEnvironmentNameStandsAboveAKey_SaysSo()
    {
        await using HostHarness host = await new HostHarness("{}", static options => options.Overridden.Add("'a' is 'b'\nin the configuration.")).StartAsync();

        Assert.Equal("[Reliable] 'a' is 'b'_in the configuration.", Assert.Single(host.Log.Lines, static line => line.EventId == 1403).Text);
    }

    [Fact]
    public async Task Start_WhenOff_SaysHowToChangeThat()
    {
        await using HostHarness host = await new HostHarness().StartAsync();
        Assert.Contains("set 'Reliable:Rollout:Mode' to 'On'", Assert.Single(host.Log.Lines, static line => line.EventId == 1400).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhenCultureWritesCommas_LogsPoints()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            await using HostHarness host = await new HostHarness("""{ "Reliable": { "Rollout": { "Mode": "On" }, "Retry": { "Backoff": "00:00:00.5" } } }""").StartAsync();
            Assert.Contains(host.Log.Texts, static text => text.Contains("after 0.5 s,", StringComparison.Ordinal));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task Start_WhenSettingsAreUnwiseOrUnknown_WarnsOfEach()
    {
        await using HostHarness host = await new HostHarness("""{ "Reliable": { "Retry": { "MaxRetries": 6, "MaxRetrys": 1 }, "a\nb": 1 } }""").StartAsync();
        string[] warnings = [.. host.Log.Lines.Where(static line => line is { EventId: 1401, Level: LogLevel.Warning }).Select(static line => line.Text)];

        Assert.Contains("[Reliable] 'Reliable:Retry:MaxRetrys' is not a setting and is ignored.", warnings);
        Assert.Contains("[Reliable] 'Reliable:a_b' is not a setting and is ignored.", warnings);
        Assert.Contains(warnings, static warning => warning.StartsWith("[Reliable] 'Reliable:Retry:MaxRetries' is 6", StringComparison.Ordinal));
    }

    [Fact]
    public async Task UseStore_WhenSeveralAreNamed_TakesTheLast()
    {
        using var first = new MemoryUsageStore();
        using var last = new MemoryUsageStore();
        await using HostHarness host = await new HostHarness(Json, build: builder => builder.UseStore(_ => first).UseInMemory().UseStore(_ => last)).StartAsync();

        Assert.Same(last, Assert.Single(host.Host.Services.GetServices<IUsageStore>()));
    }

    [Fact]
    public async Task UseStore_WhenAddReliableFollows_IsKept()
    {
        using var store = new MemoryUsageStore();
        var services = new ServiceCollection();
        services.AddReliable(static _ => { }).UseStore(_ => store);
        services.AddReliable(static _ => { });
        await using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Same(store, provider.GetRequiredService<IUsageStore>());
    }

    [Fact]
    public async Task ConfigureAttempts_WhenCalledTwice_AddsBothInOrder()
    {
        List<string> built = [];
        var services = new ServiceCollection();
        services.AddReliable(static options => options.Rollout.Mode = RolloutMode.On)
            .ConfigureAttempts(_ => built.Add("first"))
            .ConfigureAttempts(_ => built.Add("second"));
        await using ServiceProvider provider = services.BuildServiceProvider();
        ReliableRuntime runtime = provider.GetRequiredService<ReliableRuntime>();

        await CallRunner.RunAsync(
            runtime, Policies.All(), 0, static (_, _, _) => Task.FromResult("a good answer"), null, "u1", null, null, null, CancellationToken.None);

        Assert.Equal(["first", "second"], built);
    }

    [Theory]
    [InlineData(ServiceLifetime.Singleton)]
    [InlineData(ServiceLifetime.Scoped)]
    [InlineData(ServiceLifetime.Transient)]
    public async Task AddDecorated_WhenResolved_HasTheLifetimeItWasGiven(ServiceLifetime lifetime)
    {
        var services = new ServiceCollection();
        services.AddReliable(static _ => { }).AddDecorated<IGreeter, Greeter>(static (inner, runtime) => new Decorator(inner, runtime), lifetime);
        await using ServiceProvider provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
        await using AsyncServiceScope one = provider.CreateAsyncScope();
        await using AsyncServiceScope two = provider.CreateAsyncScope();
        var first = (Decorator)one.ServiceProvider.GetRequiredService<IGreeter>();
        var again = (Decorator)one.ServiceProvider.GetRequiredService<IGreeter>();
        var other = (Decorator)two.ServiceProvider.GetRequiredService<IGreeter>();

        Assert.IsType<Greeter>(first.Inner);
        Assert.Same(provider.GetRequiredService<ReliableRuntime>(), first.Runtime);
        Assert.Equal(lifetime != ServiceLifetime.Transient, ReferenceEquals(first, again));
        Assert.Equal(lifetime != ServiceLifetime.Transient, ReferenceEquals(first.Inner, again.Inner));
        Assert.Equal(lifetime == ServiceLifetime.Singleton, ReferenceEquals(first, other));
        Assert.Equal(lifetime == ServiceLifetime.Singleton, ReferenceEquals(first.Inner, other.Inner));
    }

    [Fact]
    public async Task AddDecorated_WhenImplementationIsRegistered_UsesThatRegistration()
    {
        var known = new Greeter();
        var services = new ServiceCollection();
        services.AddSingleton(known);
        services.AddReliable(static _ => { }).AddDecorated<IGreeter, Greeter>(static (inner, runtime) => new Decorator(inner, runtime));
        await using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Same(known, ((Decorator)provider.GetRequiredService<IGreeter>()).Inner);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dispose_WhenStoreIsInMemory_EndsEitherWay(bool asynchronously)
    {
        var services = new ServiceCollection();
        services.AddReliable(static _ => { });
        ServiceProvider provider = services.BuildServiceProvider();
        _ = provider.GetRequiredService<ReliableRuntime>();
        if (asynchronously)
            await provider.DisposeAsync();
        else
            provider.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dispose_WhenStoreIsPostgres_EndsEitherWay(bool asynchronously)
    {
        using var directory = new TempDirectory();
        var services = new ServiceCollection();
        services.AddReliable(options => options.Usage.JournalPath = directory.Path).UsePostgres("Host=localhost;Username=nobody");
        ServiceProvider provider = services.BuildServiceProvider();
        _ = provider.GetRequiredService<ReliableRuntime>();
        if (asynchronously)
            await provider.DisposeAsync();
        else
            provider.Dispose();
    }

    [Fact]
    public void UsePostgres_WhenConnectionStringIsWrong_SaysSoWithoutThePassword()
    {
        ReliableBuilder builder = new ServiceCollection().AddReliable(static _ => { });

        ArgumentException exception = Assert.Throws<ArgumentException>(() => builder.UsePostgres("Host=localhost;Password=secret;Nonsense=1"));
        Assert.DoesNotContain("secret", exception.ToString(), StringComparison.Ordinal);
    }

    private interface IGreeter;

    private sealed class Greeter : IGreeter;

    private sealed record Decorator(IGreeter Inner, ReliableRuntime Runtime) : IGreeter;
}
