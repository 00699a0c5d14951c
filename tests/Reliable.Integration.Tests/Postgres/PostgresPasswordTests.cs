using Npgsql;
using Reliable.Faults;
using Reliable.Infrastructure;
using Reliable.Rollout;
using Reliable.Servers;
using Reliable.Stores;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>The password of the database is changed while charges are on their way.</summary>
public sealed class PostgresPasswordTests(FaultCluster cluster) : IClassFixture<FaultCluster>, IAsyncLifetime
{
    private const int Replaced = 1321;
    private const int Refused = 1322;

    // Every change of a counter waits until the row is gone.
    private const string HoldUpdates = """
        CREATE TABLE hold (); INSERT INTO hold DEFAULT VALUES;
        CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
          $$ BEGIN WHILE EXISTS (SELECT FROM public.hold) LOOP PERFORM pg_sleep(0.01); END LOOP; RETURN NEW; END $$;
        CREATE TRIGGER hold BEFORE UPDATE ON reliable.usage FOR EACH ROW EXECUTE FUNCTION hold()
        """;

    private readonly string _role = $"app{Guid.NewGuid():N}";
    private readonly ExactlyOnceOracle _oracle = new();
    private FaultTables _tables = null!;

    public async ValueTask InitializeAsync()
    {
        string administrator = await cluster.CreateDatabaseAsync();
        _tables = await FaultTables.CreateAsync(administrator, isMapped: false, users: 8);
        await _tables.ExecuteAsync($"CREATE ROLE {_role} LOGIN PASSWORD 'first'; {PostgresScripts.Managed(role: _role)}");
        await RequirePasswordsAsync();
    }

    [Fact]
    public async Task Load_WhenThePasswordIsChangedInTheDatabaseFirst_GoesOnAndLosesNothing()
    {
        await using LiveApplication application = await LiveApplication.StartAsync(ConnectionString("first"), "On");
        await UnderLoadAsync(application, async () =>
        {
            await _tables.ExecuteAsync($"ALTER ROLE {_role} PASSWORD 'second'");
            Assert.False(await MayConnectAsync("first"));
            application.Edit("ConnectionStrings", "Usage", ConnectionString("second"));
            await Eventually.IsTrue(() => application.Lines(Replaced).Any(), "the new password is in force");
        });

        Assert.Empty(application.Lines(Refused));
        await AssertNothingIsLostAsync(application);
    }

    [Fact]
    public async Task Load_WhenThePasswordIsChangedInTheConfigurationFirst_GoesOnAndFollowsWhenItIsRight()
    {
        await using LiveApplication application = await LiveApplication.StartAsync(ConnectionString("first"), "On");
        await UnderLoadAsync(application, async () =>
        {
            application.Edit("ConnectionStrings", "Usage", ConnectionString("second"));
            await Eventually.IsTrue(() => application.Lines(Refused).Any(), "the new password is refused");
            await _tables.ExecuteAsync($"ALTER ROLE {_role} PASSWORD 'second'");
            await Eventually.IsTrue(() => application.Lines(Replaced).Any(), "the new password is in force");
        });

        LogLine refusal = Assert.Single(application.Lines(Refused));
        Assert.Contains("'ConnectionStrings:Usage' is not taken, the one before stays in force", refusal.Text, StringComparison.Ordinal);
        Assert.Contains("password authentication failed", refusal.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("second", refusal.Text, StringComparison.Ordinal);
        await AssertNothingIsLostAsync(application);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Pasword=x", "keyword 'Pasword' is not known")]
    [InlineData("", "is empty")]
    [InlineData(null, "is empty")]
    public async Task Load_WhenTheConnectionStringIsWrong_StaysWithTheOneBeforeAndTakesTheNext(string? wrong, string expected)
    {
        await using LiveApplication application = await LiveApplication.StartAsync(ConnectionString("first"), "On");

        application.Edit("ConnectionStrings", "Usage", wrong);
        await Eventually.IsTrue(() => application.Lines(Refused).Any(), "the mistake is named");
        await ChargeAsync(application);
        application.Edit("ConnectionStrings", "Usage", ConnectionString("first") + ";Application Name=next");
        await Eventually.IsTrue(() => application.Lines(Replaced).Any(), "the next is taken");
        await ChargeAsync(application);

        Assert.Contains(expected, Assert.Single(application.Lines(Refused)).Text, StringComparison.Ordinal);
        Assert.Equal(0, await CountSessionsAsync("Reliable"));
        await AssertNothingIsLostAsync(application);
    }

    [Fact]
    public async Task Reconnect_WhenTheOtherDatabaseHasNoTables_StaysAndCreatesNone()
    {
        string elsewhere = await cluster.CreateDatabaseAsync();
        await using var store = new PostgresUsageStore(_tables.ConnectionString);
        await store.InitializeAsync(UsageTerms.Default, TestContext.Current.CancellationToken);

        UsageStoreException failure = await Assert.ThrowsAsync<UsageStoreException>(
            async () => await store.ReconnectAsync(elsewhere, TestContext.Current.CancellationToken));

        Assert.Contains("Tables are created on start only.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await store.SettleAsync(Charges.New(_tables.Users[0]))).Used);
    }

    [Fact]
    public async Task Charge_WhenThePasswordIsChangedWhileItsStatementRuns_EndsOnTheConnectionItHas()
    {
        await using LiveApplication application = await LiveApplication.StartAsync(ConnectionString("first"), "On");
        await ChargeAsync(application);
        await _tables.ExecuteAsync(HoldUpdates);

        Task charging = ChargeAsync(application);
        await Eventually.IsTrue(async () => await CountSessionsAsync("Reliable", "wait_event = 'PgSleep'") == 1, "the statement runs");
        await _tables.ExecuteAsync($"ALTER ROLE {_role} PASSWORD 'second'");
        application.Edit("ConnectionStrings", "Usage", ConnectionString("second") + ";Application Name=next");
        await Eventually.IsTrue(() => application.Lines(Replaced).Any(), "the new password is in force");
        Assert.Equal(1, await CountSessionsAsync("Reliable"));
        await _tables.ExecuteAsync("DELETE FROM hold");
        await Eventually.Ends(charging);

        await Eventually.IsTrue(async () => await CountSessionsAsync("Reliable") == 0, "the last old connection is closed");
        await AssertNothingIsLostAsync(application);
        Assert.Empty(application.Lines(1302));
    }

    public async ValueTask DisposeAsync() => await _tables.DisposeAsync();

    private async Task UnderLoadAsync(LiveApplication application, Func<Task> change)
    {
        using var stop = new CancellationTokenSource();
        var load = new ChargeLoad(application.Runtime, _oracle, _tables.Users, seed: 6);
        Task running = load.RunAsync(callers: 16, stop.Token);
        await Eventually.IsTrue(() => load.Begun > 100, "the load began");
        DateTime before = await _tables.ScalarAsync<DateTime>("SELECT clock_timestamp()");
        await change();
        int begun = load.Begun;
        await Eventually.IsTrue(() => load.Begun > begun + 200, "the load goes on");
        await Eventually.IsTrue(
            async () => await CountSessionsAsync("Reliable", $"backend_start < '{before:O}'") == 0, "the connections of the old password are closed");
        await stop.CancelAsync();
        await Eventually.Ends(running);
    }

    private async Task ChargeAsync(LiveApplication application)
    {
        UsageTransaction transaction = await application.Runtime.Usage.BeginAsync(_tables.Users[0]);
        _oracle.Tell(transaction.Id, transaction.UserId, await ChargeLoad.CommitAsync(transaction));
    }

    private async Task AssertNothingIsLostAsync(LiveApplication application)
    {
        await Eventually.IsTrue(() => application.Runtime.Statistics is { PendingCharges: 0, JournaledCharges: 0 }, "everything is settled");
        OracleReport report = _oracle.Judge(await _tables.ReadAsync());
        Assert.True(report.IsClean, report.ToString());
        Assert.True(_oracle.Counted > 0);
    }

    private string ConnectionString(string password)
        => new NpgsqlConnectionStringBuilder(_tables.ConnectionString) { Username = _role, Password = password }.ConnectionString;

    private async Task<bool> MayConnectAsync(string password)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(password) + ";Pooling=false");
        try
        {
            await connection.OpenAsync();
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            return false;
        }
    }

    private Task<long> CountSessionsAsync(string application, string condition = "true")
        => _tables.ScalarAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE usename = '{_role}' AND application_name = '{application}' AND {condition}");

    // The throw-away server trusts everybody; from here on, everybody but its administrator has to name a password.
    private async Task RequirePasswordsAsync()
    {
        string rules = await _tables.ScalarAsync<string>("SHOW hba_file");
        await File.WriteAllTextAsync(rules, "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n");
        await _tables.ExecuteAsync("SELECT pg_reload_conf()");
        await Eventually.IsTrue(async () => !await MayConnectAsync("wrong"), "passwords are required");
    }
}
