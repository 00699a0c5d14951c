using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Reliable.Usage;

namespace Reliable;

/// <summary>Collects what an application adds to Reliable: its store, its decorators, its strategies.</summary>
public sealed class ReliableBuilder
{
    internal ReliableBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services of the application.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Keeps the counters in a store of one's own. The last store that is named wins; without one, counters are kept in memory.</summary>
    /// <param name="create">Constructs the store; it is initialized on start and disposed with the application.</param>
    public ReliableBuilder UseStore(Func<IServiceProvider, IUsageStore> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        Services.RemoveAll<IUsageStore>();
        Services.AddSingleton(create);
        return this;
    }

    /// <summary>Registers an implementation behind its generated decorator. Called by generated code.</summary>
    /// <param name="decorate">Constructs the decorator around the implementation.</param>
    /// <param name="lifetime">The lifetime of both.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ReliableBuilder AddDecorated<
        TService,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TImplementation>(
        Func<TService, ReliableRuntime, TService> decorate,
        ServiceLifetime lifetime = ServiceLifetime.Singleton)
        where TService : class
        where TImplementation : class, TService
    {
        ArgumentNullException.ThrowIfNull(decorate);
        Services.TryAdd(new ServiceDescriptor(typeof(TImplementation), typeof(TImplementation), lifetime));
        Services.Add(new ServiceDescriptor(
            typeof(TService),
            provider => decorate(provider.GetRequiredService<TImplementation>(), provider.GetRequiredService<ReliableRuntime>()),
            lifetime));
        return this;
    }

    /// <summary>Registers an implementation behind its generated decorator, under a key. Called by generated code.</summary>
    /// <param name="decorate">Constructs the decorator around the implementation.</param>
    /// <param name="serviceKey">The key of both; <see langword="null"/> registers them without one.</param>
    /// <param name="lifetime">The lifetime of both.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ReliableBuilder AddKeyedDecorated<
        TService,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TImplementation>(
        Func<TService, ReliableRuntime, TService> decorate,
        object? serviceKey,
        ServiceLifetime lifetime = ServiceLifetime.Singleton)
        where TService : class
        where TImplementation : class, TService
    {
        ArgumentNullException.ThrowIfNull(decorate);
        if (serviceKey is null)
        {
            return AddDecorated<TService, TImplementation>(decorate, lifetime);
        }

        Services.TryAdd(new ServiceDescriptor(typeof(TImplementation), serviceKey, typeof(TImplementation), lifetime));
        Services.Add(new ServiceDescriptor(
            typeof(TService),
            serviceKey,
            (provider, key) => decorate(provider.GetRequiredKeyedService<TImplementation>(key), provider.GetRequiredService<ReliableRuntime>()),
            lifetime));
        return this;
    }
}
