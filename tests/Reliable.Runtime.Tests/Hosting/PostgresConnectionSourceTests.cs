using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Reliable.Infrastructure;

namespace Reliable.Hosting;

public sealed class PostgresConnectionSourceTests
{
    private const string Wanted = "Host=127.0.0.1;Port=1;Username=app;Password=a";

    [Fact]
    public void Find_WhenOneKeyHasTheConnectionString_IsThatKey()
        => Assert.Equal("ConnectionStrings:Usage", Find(("ConnectionStrings:Usage", Wanted), ("ConnectionStrings:Other", "Host=other"), ("Elsewhere", Wanted)));

    [Fact]
    public void Find_WhenSeveralKeysHaveIt_IsNone() => Assert.Null(Find(("ConnectionStrings:Usage", Wanted), ("ConnectionStrings:Default", Wanted)));

    [Fact]
    public void Find_WhenNoKeyHasIt_IsNone()
    {
        Assert.Null(Find(("ConnectionStrings:Usage", Wanted + ";Timeout=1")));
        Assert.Null(new PostgresConnectionSource(Wanted, null).Find(null));
    }

    [Fact]
    public void Find_WhenTheApplicationNamedTheKey_IsThatKey()
    {
        IConfigurationSection key = Configure(("Elsewhere:Database", Wanted), ("ConnectionStrings:Usage", Wanted)).GetSection("Elsewhere:Database");

        Assert.Same(key, new PostgresConnectionSource(Wanted, key).Find(Configure(("ConnectionStrings:Usage", Wanted))));
    }

    [Theory]
    [InlineData(1, "a change of 'ConnectionStrings:Usage0' is followed")]
    [InlineData(2, "a change of the connection string is not followed")]
    public async Task Start_WhenTheStoreIsPostgres_SaysWhatIsFollowed(int keys, string expected)
    {
        (string, string?)[] settings = [.. Enumerable.Range(0, keys).Select(static i => ($"ConnectionStrings:Usage{i}", (string?)Wanted)), ("Reliable:Usage:Journal", "None")];
        using var log = new CapturingLoggerFactory();
        using IHost host = Build(log, settings, static (builder, _) => builder.UsePostgres(Wanted));

        await Eventually.Ends(host.Services.GetServices<IHostedService>().OfType<PostgresConnectionFollower>().Single().StartAsync(CancellationToken.None));

        Assert.Contains(expected, Assert.Single(log.Of("[Usage] PostgreSQL: a change")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhenAnotherStoreWasNamedLast_FollowsNothing()
    {
        using var log = new CapturingLoggerFactory();
        using IHost host = Build(
            log, [("ConnectionStrings:Usage", Wanted)], static (builder, configuration) => builder.UsePostgres(configuration.GetSection("ConnectionStrings:Usage")).UseInMemory());

        await Eventually.Ends(host.StartAsync());
        await Eventually.Ends(host.StopAsync());

        Assert.Empty(log.Of("[Usage] PostgreSQL"));
    }

    [Fact]
    public void UsePostgres_WhenTheKeyIsEmpty_SaysWhatIsMissing()
        => Assert.Contains(
            "is empty. Is 'ConnectionStrings:Usage' set?",
            Assert.Throws<ArgumentException>(() => new ServiceCollection().AddReliable(static _ => { }).UsePostgres(Configure().GetSection("ConnectionStrings:Usage"))).Message,
            StringComparison.Ordinal);

    private static IHost Build(CapturingLoggerFactory log, (string Key, string? Value)[] settings, Action<ReliableBuilder, IConfiguration> use)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.Select(static entry => KeyValuePair.Create(entry.Key, entry.Value)));
        builder.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerFactory>(log);
        use(builder.Services.AddReliable(builder.Configuration), builder.Configuration);
        return builder.Build();
    }

    private static string? Find(params (string Key, string? Value)[] settings) => new PostgresConnectionSource(Wanted, null).Find(Configure(settings))?.Path;

    private static IConfigurationRoot Configure(params (string Key, string? Value)[] settings)
        => new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static entry => KeyValuePair.Create(entry.Key, entry.Value))).Build();
}
