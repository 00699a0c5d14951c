using Microsoft.Extensions.Logging;
using Reliable.Configuration;
using Reliable.Diagnostics;

namespace Reliable.Usage;

/// <summary>
/// Makes the ledger forget charges that are older than <c>Usage:LedgerRetention</c> and a day: in short steps with pauses between them, some minutes after the
/// start and hourly from then on, at times of each instance's own. Driven by the runtime's cleanup timer.
/// </summary>
internal sealed class LedgerKeeper(
    IUsageLedger ledger, string store, Func<RuntimeSettings> settings, TimeProvider time, Func<double> random, ILogger logger) : IAsyncDisposable
{
    /// <summary>The most charges of one step: a step of PostgreSQL takes some 20 to 50 ms.</summary>
    public const int StepSize = 10_000;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_firstAfter = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_firstSpread = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_every = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_spread = TimeSpan.FromMinutes(15);

    private readonly CancellationTokenSource _stopping = new();
    private long _dueMs = -1;
    private bool _isStopped;
    private Task _running = Task.CompletedTask;

    /// <summary>Begins a purge when one is due. Called by one caller at a time.</summary>
    public void Tick(long nowMs)
    {
        if (_dueMs < 0)
            _dueMs = nowMs + Spread(s_firstAfter, s_firstSpread);
        if (nowMs < _dueMs || _isStopped || !_running.IsCompleted || _stopping.IsCancellationRequested)
            return;
        _dueMs = nowMs + Spread(s_every, s_spread);
        _running = PurgeAsync();
    }

    /// <summary>Stops between two steps; a step that is under way is cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelQuietlyAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private long Spread(TimeSpan least, TimeSpan spread) => (long)(least + (spread * random())).TotalMilliseconds;

    private async Task PurgeAsync()
    {
        RuntimeSettings current = settings();
        TimeSpan age = current.Options.Usage.LedgerRetention + LedgerAge.Margin;
        long deleted = 0;
        try
        {
            Guid? after = Guid.Empty;
            while (after is { } from)
            {
                LedgerPurgeStep step = await ledger.PurgeAsync(age, from, StepSize, current.Terms, _stopping.Token).ConfigureAwait(false);
                deleted += step.Deleted;
                after = step.Next;
                if (after is not null)
                    await Task.Delay(s_pause, time, _stopping.Token).ConfigureAwait(false);
            }
        }
        catch (UsageStoreException e)
        {
            // Nothing will change that while this process runs, but an operator can, and the next start tries again.
            _isStopped = true;
            Log.PurgeNotPossible(logger, store, LogText.Clean(e.Message, maxLength: 1000));
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // The rest is for the next start.
        }
        catch (Exception e)
        {
            Log.PurgeFailed(logger, e, store, LogText.Clean(e.Message));
        }

        if (deleted > 0)
            Log.LedgerPurged(logger, deleted, age);
    }
}
