using Npgsql;
using Reliable.Servers;

namespace Reliable.Faults;

/// <summary>What is wrong must be found: the same proxy, the same oracle, and writers that count as it is often done.</summary>
public sealed class NegativeControlTests(PostgresServer server)
{
    private const int Callers = 8;
    private const int Faults = 12;

    [Fact]
    public async Task Oracle_WhenWriterRetriesBlindly_FindsDoubles()
    {
        OracleReport report = await RunAsync(ProxyFault.CutAfterRequest, static (writer, user) => writer.RetryBlindlyAsync(user));

        Assert.True(report.Doubled > 0, report.ToString());
        Assert.Equal(0, report.Lost);
    }

    [Fact]
    public async Task Oracle_WhenWriterTakesErrorsForFailures_FindsWhatWasCountedAllTheSame()
    {
        OracleReport report = await RunAsync(ProxyFault.CutAfterRequest, static (writer, user) => writer.NeverRetryAsync(user));

        Assert.True(report.Doubled > 0, report.ToString());
    }

    [Fact]
    public async Task Oracle_WhenWriterAssumesSuccess_FindsLosses()
    {
        OracleReport report = await RunAsync(ProxyFault.DropRequest, static (writer, user) => writer.AssumeSuccessAsync(user));

        Assert.True(report.Lost > 0, report.ToString());
        Assert.Equal(0, report.Doubled);
    }

    [Fact]
    public async Task Oracle_WhenWriterReadsThenWrites_FindsLosses()
    {
        OracleReport report = await RunAsync(fault: null, static (writer, user) => writer.ReadThenWriteAsync(user), users: 1);

        Assert.True(report.Lost > 0, report.ToString());
    }

    [Fact]
    public async Task Oracle_WhenNothingIsWrong_FindsNothing()
    {
        OracleReport report = await RunAsync(fault: null, static (writer, user) => writer.RetryBlindlyAsync(user));

        Assert.True(report.IsClean, report.ToString());
    }

    [Fact]
    public async Task Server_WhenWritersLockRowsInAnyOrder_SeesDeadlocks()
    {
        await using FaultTables tables = await FaultTables.CreateAsync(await server.CreateDatabaseAsync(), isMapped: false, users: 16);
        await using var writer = new NaiveWriter(tables.ConnectionString, new ExactlyOnceOracle());
        int deadlocks = 0;

        // One deadlock is enough; without any, the test would go on until its guard.
        Task running = Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            while (Volatile.Read(ref deadlocks) == 0)
            {
                string[] users = [.. tables.Users];
                random.Shuffle(users);
                try
                {
                    await writer.AddUnorderedAsync(users);
                }
                catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected)
                {
                    Interlocked.Increment(ref deadlocks);
                }
                catch (NpgsqlException)
                {
                    // Waited longer than its command may take, behind the others: try again.
                }
            }
        })));

        await Eventually.Ends(running);
        Assert.True(deadlocks > 0);
    }

    [Theory]
    [InlineData(ToldOutcome.Counted, false, 1, 0)]
    [InlineData(ToldOutcome.NotCounted, true, 0, 1)]
    [InlineData(ToldOutcome.Untold, true, 0, 0)]
    [InlineData(ToldOutcome.Untold, false, 0, 0)]
    [InlineData(null, true, 0, 1)]
    public void Judge_WhenLedgerAndAnswersDiffer_SaysWhich(object? told, bool isCounted, long lost, long wrong)
    {
        var oracle = new ExactlyOnceOracle();
        var id = Guid.CreateVersion7();
        if (told is not null)
            oracle.Tell(id, "u", (ToldOutcome)told);
        var state = new StoreState(
            new Dictionary<string, long> { ["u"] = isCounted ? 1 : 0 }, new Dictionary<Guid, LedgerRow> { [id] = new("u", 1, isCounted, true) });

        OracleReport report = oracle.Judge(state, limit: 1);

        Assert.Equal((lost, wrong, 0, 0), (report.Lost, report.WrongAnswers, report.Doubled, report.Overshot));
    }

    [Fact]
    public void Judge_WhenCounterAndLedgerDiffer_SaysHowMuch()
    {
        var state = new StoreState(new Dictionary<string, long> { ["u"] = 5 }, new Dictionary<Guid, LedgerRow>());

        OracleReport report = new ExactlyOnceOracle().Judge(state, limit: 3);

        Assert.Equal((5, 2), (report.Doubled, report.Overshot));
    }

    private async Task<OracleReport> RunAsync(ProxyFault? fault, Func<NaiveWriter, string, Task> charge, int users = 8)
    {
        await using FaultTables tables = await FaultTables.CreateAsync(await server.CreateDatabaseAsync(), isMapped: false, users);
        await using FaultProxy proxy = FaultProxy.Start(tables.ConnectionString, seed: 7);
        var oracle = new ExactlyOnceOracle();
        await using var writer = new NaiveWriter(proxy.ConnectionString, oracle);
        using var stop = new CancellationTokenSource();
        int charges = 0;
        Task running = Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await charge(writer, tables.Users[caller % users]);
                Interlocked.Increment(ref charges);
            }
        })));

        // Every fault comes when all connections are at work again: a handshake that fails counts nothing.
        for (int i = 0; i < Faults; i++)
        {
            int before = charges;
            await Eventually.IsTrue(() => Volatile.Read(ref charges) > before + 100, "the writers are at work");
            if (fault is { } broken)
                proxy.BreakNext(broken);
            await Eventually.IsTrue(() => proxy.HasBrokenAll, "the fault happened");
        }

        await stop.CancelAsync();
        await Eventually.Ends(running);
        await Eventually.IsTrue(() => !proxy.HasLateRequests, "nothing is on its way");
        return oracle.Judge(await tables.ReadAsync() with { Ledger = null });
    }
}
