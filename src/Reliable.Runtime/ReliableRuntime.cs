using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Polly;
using Reliable.Calls;
using Reliable.Configuration;
using Reliable.Diagnostics;
using Reliable.Transactions;
using Reliable.Usage;

namespace Reliable;

/// <summary>The runtime behind the generated methods: one per application. Thread-safe.</summary>
/// <remarks>
/// With a host it comes from <c>AddReliable</c> and lives as long as the application; without one it comes from <see cref="Create(Action{ReliableOptions}?)"/>
/// and is disposed by whoever created it, which brings pending charges to the store first.
/// </remarks>
public sealed class ReliableRuntime : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan s_shutdownDeadline = TimeSpan.FromSeconds(10);

    private readonly IUsageStore _store;
    private readonly bool _ownsStore;
    private readonly Action<ResiliencePipelineBuilder>[] _strategies;
    private readonly GroupCommitter? _committer;
    private readonly ChargeJournal? _journal;
    private readonly LedgerKeeper? _ledgerKeeper;
    private readonly Func<double> _random;
    private readonly Lock _starting = new();
    private readonly ITimer _cleanup;
    private readonly HealthMonitor _health;
    private readonly ITimer _healthTimer;
    private readonly Cleanup _pass;
    private RuntimeSettings _settings;
    private Task? _start;
    private bool _isStarted;
    private bool _hasDrained;
    private long _nextStartMs = long.MinValue;
    private int _isDisposed;

    internal ReliableRuntime(ReliableParts parts)
    {
        _store = parts.Store;
        _ownsStore = parts.OwnsStore;
        _strategies = parts.AttemptStrategies;
        _random = parts.Random ?? Random.Shared.NextDouble;
        Time = parts.Time;
        Services = parts.Services;
        Logger = GuardedLogger.Guard(parts.LoggerFactory.CreateLogger("Reliable"));
        _settings = new RuntimeSettings(parts.Options, Time);
        Transactions = new TransactionStore(Time);
        Instruments = new Instruments(parts.MeterFactory, () => Transactions.Count(Transactions.NowMs).Active);
        var day = new StoreDay();
        if (_store is not MemoryUsageStore)
        {
            UsageOptions usage = parts.Options.Usage;
            _journal = usage.Journal == JournalMode.None
                ? null
                : ChargeJournal.Open(usage.JournalPath ?? Path.Combine(AppContext.BaseDirectory, "reliable-journal"), usage.Journal);
            if (_journal is not null)
            {
                Instruments.ObserveJournal(() => _journal.OpenCount, () => _journal.Length);
            }

            _committer = new GroupCommitter(
                _store, Time, () => Transactions.NowMs, () => Settings.Committer, day, _journal, StartAsync, parts.Workers, Instruments, Logger);
        }

        Keeper = new QuotaKeeper(_store, Transactions, () => Settings, day, _committer, Time, parts.Workers, Instruments, Logger);
        Ledger = _store as IUsageLedger;
        _ledgerKeeper = Ledger is null ? null : new LedgerKeeper(Ledger, _store.Name, () => Settings, Time, _random, Logger);
        Usage = new UsageService(this);
        TimeSpan interval = parts.Options.Transactions.CleanupInterval;
        _pass = new Cleanup(Transactions, Keeper, parts.Workers, Instruments, Logger);
        _health = new HealthMonitor(Instruments.Counts, () => Settings.Options.Health, () => _committer?.Refusal, () => Transactions.NowMs, Logger);
        TimeSpan looking = parts.Options.Health.Interval;
        _healthTimer = Time.CreateTimer(static state => ((HealthMonitor)state!).Look(), _health, looking, looking);
        _cleanup = Time.CreateTimer(static state => ((ReliableRuntime)state!).CleanUp(), this, interval, interval);
    }

    /// <summary>Manual transactions and the state of counters.</summary>
    public UsageService Usage { get; }

    /// <summary>What happened since the start, and what is under way.</summary>
    public ReliableStatistics Statistics
        => StatisticsReader.Read(Instruments.Counts, Transactions, Keeper, _committer?.Pending ?? 0, _journal);

    /// <summary>How the runtime is doing, by the last minutes: rates, the score, and the rules that hold. See <see cref="HealthOptions"/>.</summary>
    public ReliableHealth Health => _health.Read();

    internal TimeProvider Time { get; }

    internal IServiceProvider? Services { get; }

    internal ILogger Logger { get; }

    internal Instruments Instruments { get; }

    internal TransactionStore Transactions { get; }

    internal QuotaKeeper Keeper { get; }

    /// <summary>The store's ledger, or <see langword="null"/> when it has none.</summary>
    internal IUsageLedger? Ledger { get; }

    /// <summary>What came of the calls that were only observed.</summary>
    internal ObservedTotals Observed { get; } = new();

    internal string StoreName => _store.Name;

    internal RuntimeSettings Settings => Volatile.Read(ref _settings);

    internal bool HasAttemptStrategies => _strategies.Length > 0;

    /// <summary>Milliseconds on a cheap monotonic clock.</summary>
    internal long NowMs => Transactions.NowMs;

    /// <summary>A runtime without a host, with counters in memory.</summary>
    /// <param name="configure">Sets options; <c>Rollout.Mode</c> is <see cref="RolloutMode.Off"/> unless it is set here.</param>
    /// <exception cref="OptionsValidationException">Options are out of range; all of them are named.</exception>
    public static ReliableRuntime Create(Action<ReliableOptions>? configure = null) => Create(configure, store: null);

    /// <summary>A runtime without a host.</summary>
    /// <param name="configure">Sets options; <c>Rollout.Mode</c> is <see cref="RolloutMode.Off"/> unless it is set here.</param>
    /// <param name="store">Where counters live, disposed with the runtime; in memory when <see langword="null"/>. It is initialized by the first call.</param>
    /// <param name="time">The clock; the system's when <see langword="null"/>.</param>
    /// <param name="loggerFactory">Where log lines go; nowhere when <see langword="null"/>.</param>
    /// <exception cref="OptionsValidationException">Options are out of range; all of them are named.</exception>
    public static ReliableRuntime Create(
        Action<ReliableOptions>? configure, IUsageStore? store, TimeProvider? time = null, ILoggerFactory? loggerFactory = null)
    {
        var options = new ReliableOptions();
        configure?.Invoke(options);
        ValidateOptionsResult result = new OptionsChecker().Validate(null, options);
        if (result.Failed)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(ReliableOptions), result.Failures);
        }

        time ??= TimeProvider.System;
        return new ReliableRuntime(new ReliableParts(options, store ?? new MemoryUsageStore(time), OwnsStore: true, time, loggerFactory ?? NullLoggerFactory.Instance));
    }

    /// <summary>Brings what is pending to the store, within ten seconds, and stops. What could not be brought stays in the journal for the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _cleanup.DisposeAsync().ConfigureAwait(false);
        await _healthTimer.DisposeAsync().ConfigureAwait(false);
        Observed.Report(Logger);
        if (_ledgerKeeper is not null)
        {
            await _ledgerKeeper.DisposeAsync().ConfigureAwait(false);
        }

        if (_committer is not null)
        {
            if (!_hasDrained)
            {
                using var deadline = new CancellationTokenSource(s_shutdownDeadline, Time);
                await DrainAsync(deadline.Token).ConfigureAwait(false);
            }

            await _committer.DisposeAsync().ConfigureAwait(false);
        }

        _journal?.Dispose();
        Instruments.Dispose();
        if (_ownsStore)
        {
            await _store.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>As <see cref="DisposeAsync"/>, for containers that are disposed synchronously: blocks until what is pending is in the store or the journal.</summary>
    public void Dispose()
    {
        ValueTask disposing = DisposeAsync();
        if (!disposing.IsCompletedSuccessfully)
        {
            disposing.AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Prepares the store, and sends again what an earlier run left in the journal. Once; later calls join the first, or try again if it failed.</summary>
    /// <exception cref="UsageStoreException">The store cannot be used as it is configured.</exception>
    internal Task StartAsync()
    {
        lock (_starting)
        {
            return _start is null || _start.IsFaulted ? _start = StartCoreAsync() : _start;
        }
    }

    /// <summary>
    /// Waits for the start, but for a database that does not answer no longer than for a commit: calls go on without it, and the start is tried again.
    /// </summary>
    /// <exception cref="UsageStoreException">The store cannot be used as it is configured.</exception>
    internal ValueTask EnsureStartedAsync(CancellationToken cancellationToken)
        => Volatile.Read(ref _isStarted) ? default : new(WaitForStartAsync(cancellationToken));

    internal async ValueTask DrainAsync(CancellationToken deadline)
    {
        _hasDrained = true;
        if (_committer is not null && await _committer.DrainAsync(deadline).ConfigureAwait(false) is > 0 and var left)
        {
            Log.ShutdownIncomplete(Logger, left);
        }
    }

    /// <summary>Puts a checked configuration in force; calls in flight end under theirs.</summary>
    /// <exception cref="UsageStoreException">The store does not know the changed time zone, or cannot be asked; nothing was changed.</exception>
    internal async ValueTask ApplyAsync(ReliableOptions options)
    {
        var settings = new RuntimeSettings(options, Time);
        if (settings.Terms.TimeZone != Settings.Terms.TimeZone)
        {
            await TryTimeZoneAsync(settings.Terms).ConfigureAwait(false);
        }

        TimeSpan interval = options.Transactions.CleanupInterval;
        Volatile.Write(ref _settings, settings);
        _cleanup.Change(interval, interval);
        _healthTimer.Change(options.Health.Interval, options.Health.Interval);
    }

    internal BoundPolicy Bind(CallPolicy policy)
    {
        RuntimeSettings settings = Settings;
        BoundPolicy? last = policy.LastBound;
        if (last is not null && ReferenceEquals(last.Settings, settings))
        {
            return last;
        }

        return policy.LastBound = settings.Bind(policy, this);
    }

    internal void ConfigureAttempts(ResiliencePipelineBuilder builder)
    {
        foreach (Action<ResiliencePipelineBuilder> add in _strategies)
        {
            add(builder);
        }
    }

    internal double NextRandom() => _random();

    private async Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        if (NowMs < Volatile.Read(ref _nextStartMs))
        {
            return;
        }

        try
        {
            await StartAsync().WaitAsync(Settings.Options.Usage.CommitTimeout, Time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not UsageStoreException && !cancellationToken.IsCancellationRequested)
        {
            Volatile.Write(ref _nextStartMs, NowMs + RuntimeSettings.GoOnMs);
            Log.StoreNotReady(Logger, e, _store.Name, LogText.Clean(e.Message));
        }
    }

    private async Task StartCoreAsync()
    {
        await _store.InitializeAsync(Settings.Terms, CancellationToken.None).ConfigureAwait(false);
        StoreClock clock = _journal is null ? default : await ReadClockAsync().ConfigureAwait(false);
        TimeSpan retention = Settings.Options.Usage.LedgerRetention;
        Volatile.Write(ref _isStarted, true);
        IReadOnlyList<(Charge Charge, DateOnly? Day)> left =
            _journal?.TakeOver((charge, day) => LedgerAge.IsTooOld(charge, day, clock, retention)) ?? [];
        foreach ((Charge charge, DateOnly? day) in left)
        {
            _committer!.Replay(charge, Keeper.ReserveForReplay(charge), day);
        }

        if (left.Count > 0)
        {
            Log.JournalReplayed(Logger, left.Count);
        }

        foreach (string path in _journal?.Damaged ?? [])
        {
            Log.JournalDamaged(Logger, path);
        }

        foreach ((string path, int count) in _journal?.Expired ?? [])
        {
            Log.ReplayRefused(Logger, count, retention, path);
        }
    }

    // The store's clock where it can be asked: a wrong one of this machine would refuse charges that are young, or replay some that are forgotten.
    private async ValueTask<StoreClock> ReadClockAsync()
    {
        if (Ledger is not null)
        {
            return await Ledger.ReadClockAsync(Settings.Terms, CancellationToken.None).ConfigureAwait(false);
        }

        (DateTimeOffset now, DateOnly today, _) = new DayClock(Time).Read(Settings.Terms.TimeZone);
        return new StoreClock(now, today);
    }

    // A zone that the database does not know would make every charge fail for good.
    private async ValueTask TryTimeZoneAsync(UsageTerms changed)
    {
        if (Ledger is not { } ledger)
        {
            return;
        }

        try
        {
            await ledger.ReadClockAsync(changed, CancellationToken.None).AsTask().WaitAsync(Settings.Options.Usage.CommitTimeout, Time).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw new UsageStoreException($"'Reliable:Usage:ResetTimeZone' is '{changed.TimeZone}', with which {_store.Name} cannot tell the day: {e.Message}", e);
        }
    }

    private void CleanUp()
    {
        _pass.Begin();
        Observed.Report(Logger);
        if (Volatile.Read(ref _isStarted))
        {
            _ledgerKeeper?.Tick(Transactions.NowMs);
        }
    }
}
