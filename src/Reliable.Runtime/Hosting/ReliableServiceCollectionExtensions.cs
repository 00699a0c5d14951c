using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Polly;
using Reliable.Configuration;
using Reliable.Hosting;
using Reliable.Usage;

namespace Reliable;

/// <summary>Registers Reliable.</summary>
public static class ReliableServiceCollectionExtensions
{
    private const string SectionName = "Reliable";

    /// <summary>
    /// Registers Reliable with the options of the section <c>Reliable</c> and of the environment names that stand above it. They are checked when the host
    /// starts; a change takes effect within a second. Counters are in memory until a store is named.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">The application's configuration, with a section <c>Reliable</c>; or that section itself.</param>
    /// <param name="configure">Sets options in code, after and above the configuration.</param>
    public static ReliableBuilder AddReliable(
        this IServiceCollection services, IConfiguration configuration, Action<ReliableOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        bool isSection = configuration is IConfigurationSection { Key: var key } && key.Equals(SectionName, StringComparison.OrdinalIgnoreCase);
        IConfiguration section = isSection ? configuration : configuration.GetSection(SectionName);
        services.AddSingleton<IConfigureOptions<ReliableOptions>>(new OptionsReader(section, Environment.GetEnvironmentVariable));
        services.AddSingleton<IOptionsChangeTokenSource<ReliableOptions>>(new ConfigurationChangeTokenSource<ReliableOptions>(section));
        services.AddSingleton(new SettingsOrigin(configuration));
        return Add(services, configure);
    }

    /// <summary>Registers Reliable with options set in code only.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options.</param>
    public static ReliableBuilder AddReliable(this IServiceCollection services, Action<ReliableOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, configure);
    }

    /// <summary>Keeps the counters in the memory of this process: for tests and development.</summary>
    public static ReliableBuilder UseInMemory(this ReliableBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseStore(static provider => new MemoryUsageStore(provider.GetService<TimeProvider>()));
    }

    /// <summary>
    /// Adds strategies of one's own, such as a circuit breaker, to the pipeline of every method with <see cref="RetryAttribute"/>, between retry and attempt
    /// timeout: they see each attempt, the first included, and a rejected answer as a <see cref="RetryableException"/>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Adds the strategies to the pipeline of one method.</param>
    public static ReliableBuilder ConfigureAttempts(this ReliableBuilder builder, Action<ResiliencePipelineBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddSingleton(new AttemptStrategy(configure));
        return builder;
    }

    private static ReliableBuilder Add(IServiceCollection services, Action<ReliableOptions>? configure)
    {
        services.AddOptions();
        if (configure is not null)
        {
            services.PostConfigure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ReliableOptions>, OptionsChecker>());
        services.TryAddSingleton<IUsageStore>(static provider => new MemoryUsageStore(provider.GetService<TimeProvider>()));
        services.TryAddSingleton(static provider => new ReliableRuntime(new ReliableParts(
            provider.GetRequiredService<IOptionsFactory<ReliableOptions>>().Create(Options.DefaultName),
            provider.GetRequiredService<IUsageStore>(),
            OwnsStore: false,
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance)
        {
            MeterFactory = provider.GetService<IMeterFactory>(),
            Services = provider,
            AttemptStrategies = [.. provider.GetServices<AttemptStrategy>().Select(static strategy => strategy.Configure)],
        }));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ReliableHostedService>());
        return new ReliableBuilder(services);
    }
}
