using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Reliable.Configuration;
using Reliable.Diagnostics;
using Reliable.Usage;

namespace Reliable.Hosting;

/// <summary>
/// Ties the runtime to the host: checks the options and prepares the store on start, takes changed options while it runs, and brings pending charges to the
/// store when it stops.
/// </summary>
internal sealed class ReliableHostedService : IHostedLifecycleService, IDisposable
{
    private readonly ReliableRuntime _runtime;
    private readonly IOptionsFactory<ReliableOptions> _options;
    private readonly IEnumerable<IOptionsChangeTokenSource<ReliableOptions>> _sources;
    private readonly IServiceProvider _services;
    private readonly SettingsReport _report;
    private readonly SettingsFiles _files;
    private readonly List<IDisposable> _subscriptions = [];
    private readonly Lock _changing = new();
    private Task _reloading = Task.CompletedTask;
    private string? _refused;

    public ReliableHostedService(
        ReliableRuntime runtime,
        IOptionsFactory<ReliableOptions> options,
        IEnumerable<IOptionsChangeTokenSource<ReliableOptions>> sources,
        IServiceProvider services)
    {
        (_runtime, _options, _sources, _services) = (runtime, options, sources, services);
        _report = new SettingsReport(runtime);
        _files = new SettingsFiles(Reload);
    }

    /// <exception cref="UsageStoreException">The store cannot be used as it is configured.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _report.Write(_runtime.Settings.Options);
        foreach (SettingsOrigin origin in _services.GetServices<SettingsOrigin>())
        {
            _files.Watch(origin.Configuration);
        }

        _files.Watch(_services.GetService<IConfiguration>());
        foreach (IOptionsChangeTokenSource<ReliableOptions> source in _sources)
        {
            _subscriptions.Add(ChangeToken.OnChange(source.GetChangeToken, Reload));
        }

        try
        {
            await _runtime.StartAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not UsageStoreException && !cancellationToken.IsCancellationRequested)
        {
            // The database may come up after the application: calls go on, and the start is tried again with each.
            Log.StoreNotReady(_runtime.Logger, e, _services.GetRequiredService<IUsageStore>().Name, LogText.Clean(e.Message));
        }
    }

    /// <summary>Once the application takes no more calls, brings what is pending to the store; what is not in by the host's deadline stays in the journal.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken) => await _runtime.DrainAsync(cancellationToken).ConfigureAwait(false);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _files.Dispose();
        _subscriptions.ForEach(static subscription => subscription.Dispose());
    }

    // One after the other: two sources may change at once, and what was read last is what stays.
    private void Reload()
    {
        lock (_changing)
        {
            _reloading = ReloadAsync(_reloading);
        }
    }

    private async Task ReloadAsync(Task before)
    {
        await before.ConfigureAwait(false);
        try
        {
            if (_files.Mistakes is { Count: > 0 } unreadable)
            {
                Refuse(string.Join(" ", unreadable));
                return;
            }

            ReliableOptions changed = _options.Create(Options.DefaultName);
            await _runtime.ApplyAsync(changed).ConfigureAwait(false);
            _refused = null;
            _report.Write(changed);
        }
        catch (OptionsValidationException e)
        {
            Refuse(string.Join(" ", e.Failures));
        }
        catch (Exception e)
        {
            // The application's own code that sets options; nobody else would hear of it.
            Refuse(e.Message);
        }
    }

    // Files announce one change several times.
    private void Refuse(string mistakes)
    {
        if (mistakes != _refused)
        {
            _refused = mistakes;
            Log.ReloadRefused(_runtime.Logger, LogText.Clean(mistakes, maxLength: 2000));
        }
    }
}
