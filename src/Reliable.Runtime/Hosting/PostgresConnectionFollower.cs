using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Primitives;
using Reliable.Diagnostics;
using Reliable.Postgres;
using Reliable.Usage;

namespace Reliable.Hosting;

/// <summary>
/// Takes a changed connection string to the store while the application runs. One that cannot be used is tried again until it can, or until it is changed
/// again: a password may be changed in the configuration before it is changed in the database.
/// </summary>
internal sealed class PostgresConnectionFollower(
    ReliableRuntime runtime, IUsageStore store, PostgresConnectionSource source, IServiceProvider services) : IHostedService, IDisposable
{
    private static readonly TimeSpan s_tryAgainAfter = TimeSpan.FromSeconds(2);

    private readonly Lock _changing = new();
    private IConfigurationSection? _section;
    private IDisposable? _subscription;
    private CancellationTokenSource _current = new();
    private Task _following = Task.CompletedTask;
    private string? _wanted = source.ConnectionString;
    private bool _isDisposed;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (store is not PostgresUsageStore)
        {
            return Task.CompletedTask;
        }

        IEnumerable<IConfiguration?> configurations = services.GetServices<SettingsOrigin>().Select(static origin => origin.Configuration);
        _section = configurations.Append(services.GetService<IConfiguration>()).Select(source.Find).FirstOrDefault(static found => found is not null);
        if (_section is { } section)
        {
            Log.ConnectionFollowed(runtime.Logger, section.Path);
            _subscription = ChangeToken.OnChange(section.GetReloadToken, Follow);
        }
        else
        {
            Log.ConnectionNotFollowed(runtime.Logger);
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        Task following;
        lock (_changing)
        {
            _current.Cancel();
            following = _following;
        }

        await following.ConfigureAwait(false);
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        lock (_changing)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                _current.Cancel();
                _current.Dispose();
            }
        }
    }

    private void Follow()
    {
        lock (_changing)
        {
            string? changed = _section!.Value;
            if (changed == _wanted || _isDisposed)
            {
                return;
            }

            _wanted = changed;
            _current.Cancel();
            _current.Dispose();
            _current = new CancellationTokenSource();
            _following = FollowAsync(changed, _following, _current.Token);
        }
    }

    private async Task FollowAsync(string? connectionString, Task before, CancellationToken cancellationToken)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        string? known = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ((PostgresUsageStore)store).ReconnectAsync(connectionString ?? "", cancellationToken).ConfigureAwait(false);
                Log.ConnectionReplaced(runtime.Logger, _section!.Path);
                return;
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                if (e.Message != known)
                {
                    known = e.Message;
                    Log.ConnectionRefused(runtime.Logger, _section!.Path, LogText.Clean(e.Message, maxLength: 2000));
                }

                if (e is ArgumentException)
                {
                    return;
                }
            }

            await Task.Delay(s_tryAgainAfter, runtime.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
