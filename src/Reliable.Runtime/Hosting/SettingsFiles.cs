using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;

namespace Reliable.Hosting;

/// <summary>
/// Notices settings files that cannot be read after a change. Configuration then drops all of their values and announces nothing: without this, nobody would
/// hear of a comma too many, and the next change of any other source would find defaults where the file's values were.
/// </summary>
internal sealed class SettingsFiles(Action changed) : IDisposable
{
    private readonly ConcurrentDictionary<FileConfigurationProvider, string> _unreadable = new();
    private readonly List<(FileConfigurationSource Source, Action<FileLoadExceptionContext>? Handler)> _watched = [];

    /// <summary>What is wrong with each file that cannot be read at the moment.</summary>
    public IReadOnlyList<string> Mistakes => [.. _unreadable.Values.Order(StringComparer.Ordinal)];

    public void Watch(IConfiguration? configuration)
    {
        if (configuration is not IConfigurationRoot root)
        {
            return;
        }

        foreach (IConfigurationProvider provider in root.Providers)
        {
            if (provider is ChainedConfigurationProvider chained)
            {
                Watch(chained.Configuration);
            }
            else if (provider is FileConfigurationProvider { Source: var source } && !_watched.Exists(watched => ReferenceEquals(watched.Source, source)))
            {
                Action<FileLoadExceptionContext>? before = source.OnLoadException;
                _watched.Add((source, before));
                source.OnLoadException = context =>
                {
                    before?.Invoke(context);
                    Note(context);
                };
            }
        }
    }

    public void Dispose()
    {
        foreach ((FileConfigurationSource source, Action<FileLoadExceptionContext>? handler) in _watched)
        {
            source.OnLoadException = handler;
        }
    }

    private void Note(FileLoadExceptionContext context)
    {
        FileConfigurationProvider provider = context.Provider;
        _unreadable[provider] = $"'{provider.Source.Path}' cannot be read: {context.Exception.GetBaseException().Message}";
        provider.GetReloadToken().RegisterChangeCallback(_ => Forget(provider), null);
        changed();
    }

    private void Forget(FileConfigurationProvider provider)
    {
        if (_unreadable.TryRemove(provider, out _))
        {
            changed();
        }
    }
}
