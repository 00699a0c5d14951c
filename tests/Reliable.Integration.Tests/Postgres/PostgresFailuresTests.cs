using System.Net.Sockets;
using Npgsql;
using Reliable.Servers;
using Reliable.Stores;
using Reliable.Usage;

namespace Reliable.Postgres;

public sealed class PostgresFailuresTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private readonly string _user = $"u{Guid.NewGuid():N}";

    [Theory]
    [InlineData("40001", StoreFailure.NotApplied)]
    [InlineData("40P01", StoreFailure.Contended)]
    [InlineData("53100", StoreFailure.NotApplied)]
    [InlineData("53300", StoreFailure.NotApplied)]
    [InlineData("55P03", StoreFailure.Contended)]
    [InlineData("55006", StoreFailure.NotApplied)]
    [InlineData("57014", StoreFailure.Contended)]
    [InlineData("57P03", StoreFailure.NotApplied)]
    [InlineData("25006", StoreFailure.NotApplied)]
    [InlineData("08006", StoreFailure.Unknown)]
    [InlineData("40003", StoreFailure.Unknown)]
    [InlineData("57P01", StoreFailure.Unknown)]
    [InlineData("57P02", StoreFailure.Unknown)]
    [InlineData("58030", StoreFailure.Unknown)]
    [InlineData("XX000", StoreFailure.Unknown)]
    [InlineData("22P02", StoreFailure.Permanent)]
    [InlineData("23505", StoreFailure.Permanent)]
    [InlineData("28P01", StoreFailure.NotApplied)]
    [InlineData("3D000", StoreFailure.NotApplied)]
    [InlineData("42P01", StoreFailure.Permanent)]
    [InlineData("P0001", StoreFailure.Permanent)]
    public void Classify_WhenServerReportsError_GoesByItsCode(string state, StoreFailure expected)
        => Assert.Equal(expected, PostgresFailures.Classify(new NpgsqlException("outer", new PostgresException("m", "ERROR", "ERROR", state))));

    [Fact]
    public void Classify_WhenConnectionBrokeOrWaitEnded_IsUnknown()
    {
        Assert.Equal(StoreFailure.Unknown, PostgresFailures.Classify(new NpgsqlException("m", new IOException("m", new SocketException(104)))));
        Assert.Equal(StoreFailure.Unknown, PostgresFailures.Classify(new NpgsqlException("m", new TimeoutException())));
        Assert.Equal(
            StoreFailure.Unknown, PostgresFailures.Classify(new OperationCanceledException("m", new PostgresException("m", "ERROR", "ERROR", "57014"))));
        Assert.Equal(StoreFailure.Unknown, PostgresFailures.Classify(new ObjectDisposedException("m")));
    }

    [Fact]
    public async Task Open_WhenServerRefuses_IsNotApplied()
    {
        var nobody = new NpgsqlConnectionStringBuilder($"Host=127.0.0.1;Port={PostgresCluster.FindFreePort()};Username=u");
        await using var connections = new PostgresConnections(nobody, new PostgresOptions());

        NpgsqlException failure = await Assert.ThrowsAnyAsync<NpgsqlException>(
            async () => await connections.TakeLaneAsync());

        Assert.Equal(StoreFailure.NotApplied, PostgresFailures.Classify(failure));
    }

    [Fact]
    public async Task Settle_WhenBackendIsTerminatedMeanwhile_IsUnknownAndCanBeSentAgain()
    {
        await using PostgresUsageStore store = await OpenAsync();
        Charge charge = Charges.New(_user);
        await using Blocker blocker = await BlockAsync(store);

        Task<ChargeResult> settling = store.SettleAsync(charge);
        await blocker.TerminateWaiterAsync();
        Exception failure = await Assert.ThrowsAnyAsync<NpgsqlException>(() => settling);
        await blocker.DisposeAsync();

        Assert.Equal(StoreFailure.Unknown, store.Classify(failure));
        Assert.Equal(new ChargeResult(ChargeOutcome.Counted, 2, null), await store.SettleAsync(charge));
    }

    [Fact]
    public async Task Settle_WhenIdleConnectionWasTerminated_CanBeSentAgain()
    {
        await using PostgresUsageStore store = await OpenAsync();
        Charge charge = Charges.New(_user);
        await store.SettleAsync(charge);
        await database.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1", _user);

        Exception failure = await Assert.ThrowsAnyAsync<NpgsqlException>(() => store.SettleAsync(charge));

        Assert.Equal(StoreFailure.Unknown, store.Classify(failure));
        Assert.Equal(ChargeOutcome.AlreadyCounted, (await store.SettleAsync(charge)).Outcome);
    }

    [Fact]
    public async Task Settle_WhenRowsAreHeldAndSkipped_CountsTheOthersWithoutWaiting()
    {
        await using PostgresUsageStore store = await OpenAsync();
        UsageTerms terms = UsageTerms.Default with { SkipHeld = true };
        Charge[] charges = [Charges.New($"{_user}-a"), Charges.New(_user), Charges.New($"{_user}-b"), Charges.New(_user)];
        await using Blocker blocker = await BlockAsync(store);

        // Waiting for the row would throw.
        ChargeResult[] results = await store.SettleAsync(terms, charges);
        await blocker.DisposeAsync();

        Assert.Equal([ChargeOutcome.Counted, ChargeOutcome.Contended, ChargeOutcome.Counted, ChargeOutcome.Contended], results.Outcomes());
        Assert.Equal(
            [ChargeOutcome.AlreadyCounted, ChargeOutcome.Counted, ChargeOutcome.AlreadyCounted, ChargeOutcome.Counted],
            (await store.SettleAsync(terms with { MayBeKnown = true }, charges)).Outcomes());
        Assert.Equal(3, (await store.ReadAsync(_user)).Used);
    }

    [Fact]
    public async Task Settle_WhenRowStaysLocked_IsContendedSoon()
    {
        await using PostgresUsageStore store = await OpenAsync(TimeSpan.FromSeconds(1));
        Charge charge = Charges.New(_user);
        await using Blocker blocker = await BlockAsync(store);

        PostgresException failure = await Assert.ThrowsAsync<PostgresException>(() => store.SettleAsync(charge));
        await blocker.DisposeAsync();

        Assert.Equal(PostgresErrorCodes.LockNotAvailable, failure.SqlState);
        Assert.Equal(StoreFailure.Contended, store.Classify(failure));
        Assert.Equal(ChargeOutcome.Counted, (await store.SettleAsync(charge)).Outcome);
    }

    [Fact]
    public async Task Settle_WhenWaitIsCancelled_IsUnknownAndStillHappens()
    {
        await using PostgresUsageStore store = await OpenAsync();
        Charge charge = Charges.New(_user);
        await using Blocker blocker = await BlockAsync(store);
        using var cancellation = new CancellationTokenSource();
        var results = new ChargeResult[1];

        Task settling = store.SettleAsync(new[] { charge }, results, UsageTerms.Default, cancellation.Token).AsTask();
        await blocker.WaitForWaiterAsync();
        await cancellation.CancelAsync();
        Exception failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => settling);
        await blocker.DisposeAsync();
        while ((await store.ReadAsync(_user)).Used < 2)
            await Task.Delay(10, TestContext.Current.CancellationToken);

        Assert.Equal(StoreFailure.Unknown, store.Classify(failure));
        Assert.Equal(default, results[0]);
        Assert.Equal(new ChargeResult(ChargeOutcome.AlreadyCounted, 2, null), await store.SettleAsync(charge));
    }

    [Fact]
    public async Task Settle_WhenCancelledBefore_IsNotApplied()
    {
        await using PostgresUsageStore store = await OpenAsync();
        var results = new ChargeResult[1];

        Exception failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await store.SettleAsync(new[] { Charges.New(_user) }, results, UsageTerms.Default, new CancellationToken(true)));

        Assert.Equal(StoreFailure.NotApplied, store.Classify(failure));
        Assert.Equal(0, (await store.ReadAsync(_user)).Used);
    }

    [Fact]
    public async Task Settle_WhenOneChargeIsPermanentlyWrong_CountsNoneOfTheBatch()
    {
        await using PostgresUsageStore store = await OpenAsync();
        Charge good = Charges.New(_user);

        PostgresException failure = await Assert.ThrowsAsync<PostgresException>(
            () => store.SettleAsync(UsageTerms.Default, good, Charges.New(_user, amount: -1)));

        Assert.Equal(PostgresErrorCodes.CheckViolation, failure.SqlState);
        Assert.Equal(StoreFailure.Permanent, store.Classify(failure));
        Assert.Equal(0, (await store.ReadAsync(_user)).Used);
        Assert.Equal(ChargeOutcome.Counted, (await store.SettleAsync(good)).Outcome);
    }

    [Fact]
    public async Task Settle_WhenNumberDoesNotFitItsColumn_IsPermanentAndNotCutShort()
    {
        await database.ExecuteAsync("CREATE TABLE narrow (id text PRIMARY KEY, used varchar(2)); INSERT INTO narrow VALUES ('a', '99')");
        await using var store = new PostgresUsageStore(
            database.ConnectionString, new PostgresOptions().MapTable("narrow", static t => (t.UserId, t.Used) = ("id", "used")));
        await store.InitializeAsync(UsageTerms.Default, TestContext.Current.CancellationToken);

        PostgresException failure = await Assert.ThrowsAsync<PostgresException>(() => store.SettleAsync(Charges.New("a")));

        Assert.Equal(PostgresErrorCodes.StringDataRightTruncation, failure.SqlState);
        Assert.Equal(StoreFailure.Permanent, store.Classify(failure));
        Assert.Equal(99, (await store.ReadAsync("a")).Used);
    }

    [Fact]
    public async Task Settle_WhenServerTakesNoWrites_IsNotAppliedAndConnectsAnew()
    {
        await database.ExecuteAsync($"CREATE ROLE {_user} LOGIN SUPERUSER");
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = _user };
        await using var store = new PostgresUsageStore(settings.ConnectionString);
        await store.InitializeAsync(UsageTerms.Default, TestContext.Current.CancellationToken);
        Charge charge = Charges.New(_user);
        await database.ExecuteAsync($"ALTER ROLE {_user} SET default_transaction_read_only = on");

        PostgresException failure = await Assert.ThrowsAsync<PostgresException>(() => store.SettleAsync(charge));
        await database.ExecuteAsync($"ALTER ROLE {_user} RESET default_transaction_read_only");

        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, failure.SqlState);
        Assert.Equal(StoreFailure.NotApplied, store.Classify(failure));
        Assert.Equal(ChargeOutcome.Counted, (await store.SettleAsync(charge)).Outcome);
    }

    [Fact]
    public async Task Settle_WhenRoleHasUnsafeDefaults_OverridesThem()
    {
        await database.ExecuteAsync($"""
            CREATE ROLE {_user} LOGIN SUPERUSER;
            ALTER ROLE {_user} SET default_transaction_isolation = 'serializable';
            ALTER ROLE {_user} SET synchronous_commit = off
            """);
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = _user };
        await using var connections = new PostgresConnections(settings, new PostgresOptions());
        await using ChargeLane lane = await connections.TakeLaneAsync();
        NpgsqlConnection connection = lane.Connection;

        await using var command = new NpgsqlCommand(
            "SELECT current_setting('transaction_isolation') || ', ' || current_setting('synchronous_commit')", connection);

        Assert.Equal("read committed, on", await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    private async Task<PostgresUsageStore> OpenAsync(TimeSpan? timeout = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString) { ApplicationName = _user };
        var store = new PostgresUsageStore(settings.ConnectionString, new PostgresOptions { CommandTimeout = timeout ?? TimeSpan.FromSeconds(30) });
        await store.InitializeAsync(UsageTerms.Default, TestContext.Current.CancellationToken);
        return store;
    }

    private async Task<Blocker> BlockAsync(PostgresUsageStore store)
    {
        await store.SettleAsync(Charges.New(_user));
        return await Blocker.StartAsync(database, _user);
    }

    /// <summary>Somebody else's transaction that holds a user's row.</summary>
    private sealed class Blocker(PostgresDatabase database, string user, NpgsqlConnection connection) : IAsyncDisposable
    {
        private const string Waiters = "FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'";

        public static async Task<Blocker> StartAsync(PostgresDatabase database, string user)
        {
            var connection = new NpgsqlConnection(database.ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"BEGIN; UPDATE reliable.usage SET updated_at = now() WHERE user_id = '{user}'", connection);
            await command.ExecuteNonQueryAsync();
            return new Blocker(database, user, connection);
        }

        public async Task WaitForWaiterAsync()
        {
            while (await database.ScalarAsync<long>($"SELECT count(*) {Waiters}", user) == 0)
                await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        public async Task TerminateWaiterAsync()
        {
            await WaitForWaiterAsync();
            await database.ExecuteAsync($"SELECT pg_terminate_backend(pid) {Waiters}", user);
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
