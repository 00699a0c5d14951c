using System.Globalization;
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
internal sealed class ReliableHostedService(
    ReliableRuntime runtime, IOptionsFactory<ReliableOptions> options, IEnumerable<IOptionsChangeTokenSource<ReliableOptions>> sources, IServiceProvider services)
    : IHostedLifecycleService, IDisposable
{
    private readonly List<IDisposable> _subscriptions = [];
    private readonly Lock _reloading = new();
    private string? _refused;

    /// <exception cref="UsageStoreException">The store cannot be used as it is configured.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Report(runtime.Settings.Options);
        foreach (IOptionsChangeTokenSource<ReliableOptions> source in sources)
        {
            _subscriptions.Add(ChangeToken.OnChange(source.GetChangeToken, Reload));
        }

        try
        {
            await runtime.StartAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not UsageStoreException && !cancellationToken.IsCancellationRequested)
        {
            // The database may come up after the application: calls go on, and the start is tried again with each.
            Log.StoreNotReady(runtime.Logger, e, services.GetRequiredService<IUsageStore>().Name, LogText.Clean(e.Message));
        }
    }

    /// <summary>Once the application takes no more calls, brings what is pending to the store; what is not in by the host's deadline stays in the journal.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken) => await runtime.DrainAsync(cancellationToken).ConfigureAwait(false);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _subscriptions.ForEach(static subscription => subscription.Dispose());

    // One after the other: two sources may change at once, and what was read last is what stays.
    private void Reload()
    {
        lock (_reloading)
        {
            try
            {
                ReliableOptions changed = options.Create(Options.DefaultName);
                runtime.Apply(changed);
                _refused = null;
                Report(changed);
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
    }

    // Files announce one change several times.
    private void Refuse(string mistakes)
    {
        if (mistakes != _refused)
        {
            _refused = mistakes;
            Log.ReloadRefused(runtime.Logger, LogText.Clean(mistakes, maxLength: 2000));
        }
    }

    private void Report(ReliableOptions current)
    {
        string settings = current.Rollout.Mode == RolloutMode.Off
            ? "counters move at the start of each call, nothing is validated or retried; set 'Reliable:Rollout:Mode' to 'On' to change that"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{(current.Rollout.Percent is { } percent ? $"{percent} % of users" : "all users")}, {current.Retry.MaxRetries} retries after "
                + $"{string.Join(", ", current.Retry.Backoff.Select(static delay => delay.TotalSeconds.ToString(CultureInfo.InvariantCulture) + " s"))}, fallback {(current.Retry.EnableFallback ? "on" : "off")}, "
                + $"answers of at least {current.Validation.MinLength} characters, default limit {UsageText.Limit(current.Usage.DefaultLimit)}");
        Log.InForce(runtime.Logger, current.Rollout.Mode, settings);
        foreach (string warning in OptionsChecker.Warnings(current))
        {
            Log.ConfigurationWarning(runtime.Logger, warning);
        }

        foreach (string key in current.Strays)
        {
            Log.ConfigurationWarning(runtime.Logger, $"'Reliable:{LogText.Clean(key)}' is not a setting and is ignored.");
        }
    }
}
