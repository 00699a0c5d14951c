using Microsoft.Extensions.Logging;
using Reliable.Configuration;
using Reliable.Infrastructure;

namespace Reliable.Usage;

public sealed class LedgerKeeperTests : IAsyncDisposable
{
    private const long Minute = 60_000;

    private readonly FakeTimeProvider _clock = new();
    private readonly FakeLedger _ledger = new();
    private readonly CapturingLoggerFactory _log = new(LogLevel.Debug);
    private readonly ReliableOptions _options = new();
    private double _random;
    private LedgerKeeper? _keeper;

    private LedgerKeeper Keeper => _keeper ??= new LedgerKeeper(
        _ledger, "FakeSQL", () => new RuntimeSettings(_options, _clock), _clock, () => _random, _log.CreateLogger("Reliable"));

    public async ValueTask DisposeAsync() => await Keeper.DisposeAsync();

    [Theory]
    [InlineData(0.0, 2, 60)]
    [InlineData(1.0, 7, 75)]
    public void Tick_WhenTimeGoesOn_PurgesAfterSomeMinutesAndThenHourly(double random, int first, int every)
    {
        _random = random;
        List<long> purges = [];
        for (long minute = 0; minute <= first + (2 * every); minute++)
        {
            Keeper.Tick(minute * Minute);
            if (_ledger.Purges.Count > purges.Count)
                purges.Add(minute);
        }

        Assert.Equal([first, first + every, first + (2 * every)], purges);
    }

    [Fact]
    public void Tick_WhenDue_LeavesADayBetweenReplayAndPurge()
    {
        _options.Usage.LedgerRetention = TimeSpan.FromDays(9);

        Run();

        Assert.Equal((TimeSpan.FromDays(10), Guid.Empty), Assert.Single(_ledger.Purges));
    }

    [Fact]
    public void Tick_WhenThereIsMuch_PausesBetweenSteps()
    {
        Guid[] ends = [Guid.CreateVersion7(), Guid.CreateVersion7()];
        _ledger.Step = n => new LedgerPurgeStep(10_000, n <= 2 ? ends[n - 1] : null);

        Run();
        int atOnce = _ledger.Purges.Count;
        Keeper.Tick(500 * Minute);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, atOnce);
        Assert.Equal([Guid.Empty, .. ends], _ledger.Purges.Select(static p => p.After));
        Assert.Equal("[Usage] 30000 charges older than 4.00:00:00 are deleted from the ledger", Assert.Single(_log.Lines).Text);
    }

    [Fact]
    public void Tick_WhenLedgerMayNotDelete_WarnsOnce()
    {
        _ledger.Step = static _ => throw new UsageStoreException("Old charges are not deleted: role 'app' lacks DELETE.");

        for (int hour = 0; hour < 10; hour++)
            Keeper.Tick(hour * 60 * Minute);

        Assert.Single(_ledger.Purges);
        LogLine line = Assert.Single(_log.Lines);
        Assert.Equal((LogLevel.Warning, "[Usage] The ledger of FakeSQL is not purged until the next start: Old charges are not deleted: role 'app' lacks DELETE."), (line.Level, line.Text));
    }

    [Fact]
    public void Tick_WhenLedgerFails_TriesAgainNextTime()
    {
        _ledger.Step = static n => n == 1 ? throw new TimeoutException("no answer") : new LedgerPurgeStep(0, null);

        for (int hour = 0; hour < 3; hour++)
            Keeper.Tick(hour * 60 * Minute);

        Assert.Equal(2, _ledger.Purges.Count);
        Assert.StartsWith("[Usage] Old charges cannot be deleted from the ledger of FakeSQL", Assert.Single(_log.Lines).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_WhileAPurgePauses_EndsIt()
    {
        _ledger.Step = static _ => new LedgerPurgeStep(1, Guid.CreateVersion7());
        Run();

        await Keeper.DisposeAsync();
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Single(_ledger.Purges);
        _keeper = null;
    }

    private void Run()
    {
        Keeper.Tick(0);
        Keeper.Tick(10 * Minute);
    }
}
