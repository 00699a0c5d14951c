using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reliable.Infrastructure;

namespace Reliable.Hosting;

/// <summary>A real host with a real settings file that tests rewrite.</summary>
internal sealed class HostHarness : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly Lazy<IHost> _host;
    private bool _isStarted;

    public HostHarness(
        string json = "{}",
        Action<ReliableOptions>? configure = null,
        Action<ReliableBuilder>? build = null,
        bool passSection = false,
        Action<IConfigurationBuilder>? sources = null)
    {
        Write(json);
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddJsonFile(SettingsFile, optional: false, reloadOnChange: true);
        sources?.Invoke(builder.Configuration);
        builder.Services.AddSingleton<ILoggerFactory>(Log);
        IConfiguration configuration = passSection ? builder.Configuration.GetSection("reliable") : builder.Configuration;
        ReliableBuilder reliable = builder.Services.AddReliable(configuration, configure);
        build?.Invoke(reliable);
        _host = new Lazy<IHost>(builder.Build);
    }

    public CapturingLoggerFactory Log { get; } = new();

    public IHost Host => _host.Value;

    public ReliableRuntime Runtime => Host.Services.GetRequiredService<ReliableRuntime>();

    public ReliableOptions InForce => Runtime.Settings.Options;

    private string SettingsFile => Path.Combine(_directory.Path, "settings.json");

    public async Task<HostHarness> StartAsync()
    {
        await Eventually.Ends(Host.StartAsync());
        _isStarted = true;
        return this;
    }

    /// <summary>Replaces the file as editors and deployments do.</summary>
    public void Write(string json) => File.WriteAllText(SettingsFile, json);

    public void WriteSection(string section) => Write($$"""{ "Reliable": {{section}} }""");

    public async ValueTask DisposeAsync()
    {
        if (_host.IsValueCreated)
        {
            if (_isStarted)
                await Eventually.Ends(Host.StopAsync());
            await ((IAsyncDisposable)Host).DisposeAsync();
        }

        _directory.Dispose();
    }
}
