using Reliable.Configuration;
using Reliable.Diagnostics;
using Reliable.Transactions;

namespace Reliable.Usage;

/// <content>What the store says of a counter: when it is asked, and what is decided by when it does not answer.</content>
internal sealed partial class QuotaKeeper
{
    /// <summary>The state of a counter, from the store; what is known here, if the store does not answer.</summary>
    public async ValueTask<UsageSnapshot> ReadAsync(string counter, string userId, CancellationToken cancellationToken)
    {
        Quota quota = TableOf(counter).Get(userId);
        UsageReading reading;
        try
        {
            reading = await ReadInTimeAsync(quota, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (quota.Terms is not null && !cancellationToken.IsCancellationRequested)
        {
            Log.StoreNotReadable(_logger, e, _store.Name, LogText.Clean(userId), LogText.Clean(e.Message));
            return UsageText.Snapshot(quota, amount: 1, ResetsAt(quota));
        }

        (_, long reserved) = quota.Read();
        string? denied = !reading.Exists
            ? UsageText.UnknownUser
            : reading.Limit is { } limit && reading.Used + reserved + 1 > limit ? UsageText.LimitReached(reading.Used, reserved, limit) : null;
        return new UsageSnapshot(reading.Used, reserved, reading.Exists ? reading.Limit : null, reading.ResetsAt, denied);
    }

    // The store gets no token that would fire in the middle of a statement: what a driver does then may fail, on a connection that broke at the same moment, and
    // a failure on a timer's thread ends the process. A reading that nobody waits for any longer ends by the store's own timeout.
    private async ValueTask<UsageReading> ReadInTimeAsync(Quota quota, CancellationToken cancellationToken)
    {
        ValueTask<UsageReading> reading = RefreshAsync(quota);
        if (reading.IsCompletedSuccessfully)
        {
            return await reading.ConfigureAwait(false);
        }

        Task<UsageReading> running = reading.AsTask();
        try
        {
            return await running.WaitAsync(TimeSpan.FromMilliseconds(_settings().Committer.CommitTimeoutMs), _time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (!running.IsCompleted)
        {
            _ = running.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
    }

    private async ValueTask<Quota> FreshAsync(QuotaTable table, string userId, CancellationToken cancellationToken)
    {
        Quota quota = table.Get(userId);
        if (quota.IsFresh(_transactions.NowMs))
        {
            return quota;
        }

        if (_inProcess is not null)
        {
            await RefreshAsync(quota).ConfigureAwait(false);
            return quota;
        }

        // Callers of one user share one reading.
        Task refresh = _readings.Join(
            quota, this, static (keeper, stale) => ((QuotaKeeper)keeper).RefreshOrGoOnAsync(stale), _workers.Continuations);
        await refresh.WaitAsync(cancellationToken).ConfigureAwait(false);
        return quota;
    }

    // A database that does not answer never blocks a call: it goes on with what is known, and the charge is settled when the database is back.
    private async Task RefreshOrGoOnAsync(Quota quota)
    {
        try
        {
            await ReadInTimeAsync(quota, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.StoreNotReadable(_logger, e, _store.Name, LogText.Clean(quota.UserId), LogText.Clean(e.Message));
            quota.GoOn(_settings().Terms.DefaultLimit, _transactions.NowMs + RuntimeSettings.GoOnMs);
        }
    }

    private async ValueTask<UsageReading> RefreshAsync(Quota quota)
    {
        QuotaMark mark = quota.Mark();
        UsageReading reading = await _store.ReadAsync(quota.UserId, quota.Counter, _settings().Terms, CancellationToken.None).ConfigureAwait(false);
        long now = _transactions.NowMs;
        long resetsAtMs = now + (long)(reading.ResetsAt - reading.Now).TotalMilliseconds;
        _day.Learn(reading.Day, resetsAtMs);

        long freshUntil = Math.Min(resetsAtMs, now + _settings().Committer.RefreshAfterMs);
        bool isNewDay = quota.Terms is { } known && known.Day != reading.Day;
        bool isBusyInPlace = _inProcess is not null && quota.Read().Reserved > 0;
        if (isBusyInPlace)
        {
            // A commit in place is not marked as on its way: while one may be, the reading cannot be told from what is known here.
            mark = mark with { InFlight = 1 };
        }

        QuotaTerms terms = _terms.Of(quota.Terms, reading.Exists, reading.Limit, reading.Day, reading.ResetsAt, resetsAtMs);
        if (!quota.TryRefresh(mark, reading.Used, terms, freshUntil, isNewDay) && isBusyInPlace)
        {
            quota.GoOn(reading.Limit, Math.Min(freshUntil, now + RuntimeSettings.GoOnMs));
        }

        return reading;
    }
}
