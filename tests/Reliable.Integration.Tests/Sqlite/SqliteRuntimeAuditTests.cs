using Microsoft.Extensions.Logging;
using Reliable.Stores;

namespace Reliable.Sqlite;

/// <summary>Audit, repair and purge as an application meets them: through the runtime, with its options, its timer and its log.</summary>
public sealed class SqliteRuntimeAuditTests : IAsyncDisposable
{
    private readonly SqliteHarness _harness = new();
    private readonly LineLogger _log = new();

    public async ValueTask DisposeAsync() => await _harness.DisposeAsync();

    [Fact]
    public async Task Audit_WhenCounterWasChanged_IsRepairedAndLogged()
    {
        await using ReliableRuntime reliable = Create(new SqliteUsageStore(_harness.FilePath));
        await using (UsageTransaction transaction = await reliable.Usage.BeginAsync("u\n1", TestContext.Current.CancellationToken))
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
        _harness.Execute("UPDATE reliable_usage SET used = 9");

        UsageAuditReport audit = await reliable.Usage.AuditAsync(cancellationToken: TestContext.Current.CancellationToken);
        UsageRepairReport preview = await reliable.Usage.PreviewRepairAsync(cancellationToken: TestContext.Current.CancellationToken);
        UsageRepairReport repair = await reliable.Usage.RepairAsync(cancellationToken: TestContext.Current.CancellationToken);
        UsageAuditReport after = await reliable.Usage.AuditAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.False(audit.IsClean);
        Assert.Equal(preview.Changes, repair.Changes);
        Assert.True(after.IsClean);
        Assert.Equal(1, (await reliable.Usage.GetUsageAsync("u\n1", TestContext.Current.CancellationToken)).Used);
        Assert.Equal("[Usage] Repaired Used of counter requests of user u_1: from 9 to 1, because of CounterDiffers ", Assert.Single(_log.Lines, static l => l.Contains("Repaired", StringComparison.Ordinal)));
        Assert.Equal(
            [$"[Usage] Audit of 1 counters and 1 charges on {Logged(audit.Day)}: 1 findings, complete: True",
             $"[Usage] Audit of 1 counters and 1 charges on {Logged(audit.Day)}: 0 findings, complete: True"],
            _log.Lines.Where(static l => l.Contains("Audit", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Audit_WhenStoreIsRefused_SaysWhy()
    {
        _harness.Execute("CREATE TABLE reliable_charge (x)");
        await using ReliableRuntime reliable = Create(new SqliteUsageStore(_harness.FilePath));

        await Assert.ThrowsAsync<Reliable.Usage.UsageStoreException>(
            async () => await reliable.Usage.AuditAsync(cancellationToken: TestContext.Current.CancellationToken));
    }

    private static string Logged(DateOnly day) => day.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private ReliableRuntime Create(SqliteUsageStore store)
        => ReliableRuntime.Create(
            static o =>
            {
                o.Rollout.Mode = RolloutMode.On;
                o.Usage.Journal = JournalMode.None;
            },
            store,
            loggerFactory: _log);

    private sealed class LineLogger : ILoggerFactory, ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                    return [.. _lines];
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
                _lines.Add(formatter(state, exception));
        }
    }
}
