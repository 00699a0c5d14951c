using System.Diagnostics;
using Reliable.Postgres;

namespace Reliable.Faults;

/// <summary>
/// A runtime whose store is reached through a proxy that breaks things, its journal, the tables as they are past the proxy, and the oracle that judges.
/// </summary>
internal sealed class FaultHarness : IAsyncDisposable
{
    private static readonly TimeSpan s_settleWithin = TimeSpan.FromSeconds(10);

    private readonly FaultSetup _setup;
    private readonly string _directory = Directory.CreateTempSubdirectory("reliable-faults-").FullName;

    private FaultHarness(FaultSetup setup, string administrator, FaultTables tables)
    {
        _setup = setup;
        Tables = tables;
        Proxy = FaultProxy.Start(administrator, setup.Seed);
        ConnectionString = setup.IsDirect ? administrator : Proxy.ConnectionString;
        JournalPath = Path.Combine(_directory, "journal");
        Runtime = CreateRuntime();
    }

    public FaultProxy Proxy { get; }

    public FaultTables Tables { get; }

    public ExactlyOnceOracle Oracle { get; } = new();

    /// <summary>Where runtimes that are created from now on find the server.</summary>
    public string ConnectionString { get; set; }

    /// <summary>Where runtimes that are created from now on have their journals.</summary>
    public string JournalPath { get; set; }

    public ReliableRuntime Runtime { get; private set; }

    public ChargeLoad Load => new(Runtime, Oracle, Tables.Users, _setup.Seed);

    public string User => Tables.Users[0];

    /// <summary>Creates tables and users, and a runtime that knows them.</summary>
    public static async Task<FaultHarness> StartAsync(string administrator, FaultSetup setup)
    {
        FaultTables tables = await FaultTables.CreateAsync(administrator, setup.IsMapped, setup.Users, setup.Limit);
        var harness = new FaultHarness(setup, administrator, tables);
        await harness.LearnAsync();
        return harness;
    }

    /// <summary>Another runtime on the same journal and tables, as another process would have it.</summary>
    public ReliableRuntime CreateRuntime()
    {
        PostgresOptions options = Tables.CreateOptions();
        options.CommandTimeout = _setup.CommandTimeout;
        return ReliableRuntime.Create(
            o =>
            {
                o.Rollout.Mode = RolloutMode.On;
                o.Usage.Commit = _setup.Commit;
                o.Usage.CommitTimeout = _setup.CommitTimeout;
                o.Usage.Journal = _setup.Journal;
                o.Usage.JournalPath = JournalPath;
                o.Transactions.Timeout = _setup.TransactionTimeout;
                o.Transactions.CleanupInterval = _setup.CleanupInterval;
            },
            new PostgresUsageStore(ConnectionString, options),
            _setup.Time,
            _setup.Logs);
    }

    /// <summary>Ends the runtime and starts the next on its journal.</summary>
    public async Task RestartAsync()
    {
        await Runtime.DisposeAsync();
        Runtime = CreateRuntime();
        await LearnAsync();
    }

    /// <summary>Charges one user once, and tells the oracle.</summary>
    public async Task ChargeAsync(string? user = null)
    {
        UsageTransaction transaction = await Runtime.Usage.BeginAsync(user ?? User);
        Assert.Equal(TransactionOutcome.Committed, await transaction.CommitAsync());
        Oracle.Tell(transaction.Id, transaction.UserId, ToldOutcome.Counted);
    }

    /// <summary>Breaks something while 32 callers are at work, and lets them go on for a moment after it.</summary>
    public async Task BreakUnderLoadAsync(Func<Task> fault)
    {
        using var stop = new CancellationTokenSource();
        ChargeLoad load = Load;
        Task running = load.RunAsync(callers: 32, stop.Token);
        await Eventually.IsTrue(() => load.Begun > 100, "the load began");
        await fault();
        int begun = load.Begun;
        await Eventually.IsTrue(() => load.Begun > begun + 200, "the load goes on after the fault");
        await stop.CancelAsync();
        await Eventually.Ends(running);
    }

    /// <summary>The faults are over: everything must be in the store soon.</summary>
    public async Task SettleAsync()
    {
        Proxy.Calm();
        long since = Stopwatch.GetTimestamp();
        while (Runtime.Statistics is { } now && (now.PendingCharges > 0 || now.JournaledCharges > 0))
        {
            Assert.True(
                Stopwatch.GetElapsedTime(since) < s_settleWithin,
                $"Ten seconds after the faults stopped, {now.PendingCharges} charges are pending and {now.JournaledCharges} in the journal (seed {_setup.Seed}).");
            await Task.Delay(5);
        }

        while (Proxy.HasLateRequests)
            await Task.Delay(5);
    }

    /// <summary>Settles, then asks the oracle.</summary>
    /// <param name="counted">How many charges must be counted; <see langword="null"/> when it depends on chance.</param>
    public async Task VerifyAsync(long? counted = null)
    {
        await SettleAsync();
        StoreState state = await Tables.ReadAsync();
        OracleReport report = Oracle.Judge(state, _setup.Limit);
        Assert.True(report.IsClean, $"Seed {_setup.Seed}: {report}");
        Assert.Empty(await Tables.AuditAsync(_setup.Limit));
        Assert.Equal(0, Runtime.Statistics.ActiveTransactions);
        if (counted is not null)
            Assert.Equal(counted, state.Ledger!.Values.Count(static r => r.IsCounted));
    }

    private async Task LearnAsync()
    {
        foreach (string user in Tables.Users)
            await LearnAsync(Runtime, user);
    }

    /// <summary>Waits until a runtime has started and knows a user, also where a short timeout and a slow machine meet.</summary>
    public static Task LearnAsync(ReliableRuntime runtime, string user) => Eventually.IsTrue(
        async () =>
        {
            try
            {
                await runtime.Usage.GetUsageAsync(user);
                return true;
            }
            catch (Exception e) when (e is InvalidOperationException or TimeoutException)
            {
                return false;
            }
        },
        "the usage is known");

    public async ValueTask DisposeAsync()
    {
        Proxy.Calm();
        await Runtime.DisposeAsync();
        await Proxy.DisposeAsync();
        await Tables.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
