using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Reliable.Stores;
using Reliable.Usage;

namespace Reliable.Sqlite;

public sealed class SqliteFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("reliable-sqlite-").FullName;

    private string FilePath => Path.Combine(_directory, "usage.db");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(":memory:", "UseInMemory")]
    [InlineData("Data Source=x;Mode=Memory", "UseInMemory")]
    [InlineData("Mode=ReadOnly", "names no file")]
    [InlineData("Data Source=x;Password=secret-7;Mood=y", "cannot be read")]
    public void UseSqlite_WhenPathIsWrong_SaysWhatToWrite(string path, string expected)
    {
        ArgumentException failure = Assert.Throws<ArgumentException>(() => new ReliableBuilder(new ServiceCollection()).UseSqlite(path));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-7", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseSqlite_WhenServicesHaveAClock_UsesIt()
    {
        var builder = new ReliableBuilder(new ServiceCollection().AddSingleton<TimeProvider>(new ManualTime("2001-01-01T00:00:00Z")));
        builder.UseSqlite($"Data Source={FilePath}");
        await using ServiceProvider services = builder.Services.BuildServiceProvider();
        IUsageStore store = services.GetRequiredService<IUsageStore>();

        await InitializeAsync(store);

        Assert.Equal(new DateOnly(2001, 1, 1), (await store.ReadAsync("u")).Day);
    }

    [Fact]
    public async Task Initialize_WhenDirectoryIsMissing_CreatesIt()
    {
        string path = Path.Combine(_directory, "a", "b=c", "usage.db");
        await using (var store = new SqliteUsageStore(path))
        {
            await InitializeAsync(store);
            await store.SettleAsync(Charges.New("u"));
        }

        await using var again = new SqliteUsageStore(path);
        await InitializeAsync(again);
        Assert.Equal(1, (await again.ReadAsync("u")).Used);
    }

    [Fact]
    public async Task Initialize_WhenFileIsNoDatabase_SaysSo()
    {
        await File.WriteAllTextAsync(FilePath, new string('x', 5_000), TestContext.Current.CancellationToken);

        UsageStoreException failure = await FailAsync(FilePath);

        Assert.Contains($"The SQLite file '{FilePath}' is not a SQLite database, or is damaged.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Initialize_WhenFileIsReadOnly_SaysSo()
    {
        await using (var store = new SqliteUsageStore(FilePath))
            await InitializeAsync(store);

        UsageStoreException failure = await FailAsync($"Data Source={FilePath};Mode=ReadOnly");

        Assert.Contains("cannot be written", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Initialize_WhenPathIsADirectory_SaysItCannotBeOpened()
        => Assert.Contains("cannot be opened", (await FailAsync(_directory)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Initialize_WhenTableIsNotAsExpected_NamesTheColumn()
    {
        Execute("CREATE TABLE reliable_charge (tx BLOB PRIMARY KEY, user_id TEXT, counter TEXT, day TEXT, state INTEGER)");

        UsageStoreException failure = await FailAsync(FilePath);

        Assert.Contains("its table 'reliable_charge' has no column 'amount'. It has: tx, user_id, counter, day, state.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Initialize_WhenFileIsLocked_SaysSo()
    {
        await using (var store = new SqliteUsageStore(FilePath))
            await InitializeAsync(store);
        using SqliteConnection other = Lock();

        UsageStoreException failure = await FailAsync($"Data Source={FilePath};Default Timeout=1");

        Assert.Contains("is locked by another program", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settle_WhenFileIsLocked_IsNotAppliedAndReadsGoOn()
    {
        await using var store = new SqliteUsageStore($"Data Source={FilePath};Default Timeout=1");
        await InitializeAsync(store);
        Charge charge = Charges.New("u");
        SqliteConnection other = Lock();

        Task<ChargeResult> settling = store.SettleAsync(charge);
        UsageReading meanwhile = await store.ReadAsync("u");
        bool waited = !settling.IsCompleted;
        SqliteException failure = await Assert.ThrowsAsync<SqliteException>(() => settling);
        other.Dispose();

        Assert.True(waited);
        Assert.Equal(0, meanwhile.Used);
        Assert.Equal(StoreFailure.NotApplied, store.Classify(failure));
        Assert.Equal(new ChargeResult(ChargeOutcome.Counted, 1, null), await store.SettleAsync(charge));
    }

    [Fact]
    public async Task Settle_WhenOneChargeIsPermanentlyWrong_CountsNoneOfTheBatch()
    {
        await using var store = new SqliteUsageStore(FilePath);
        await InitializeAsync(store);
        Charge good = Charges.New("u");

        SqliteException failure = await Assert.ThrowsAsync<SqliteException>(() => store.SettleAsync(UsageTerms.Default, good, Charges.New("u", amount: -1)));

        Assert.Equal(StoreFailure.Permanent, store.Classify(failure));
        Assert.Equal(0, (await store.ReadAsync("u")).Used);
        Assert.Equal(ChargeOutcome.Counted, (await store.SettleAsync(good)).Outcome);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0xDBFF)]
    [InlineData(0xDC00)]
    public async Task Settle_WhenUserIdCannotBeStored_BelongsToNobody(int character)
    {
        string user = $"a{(char)character}b";
        await using var store = new SqliteUsageStore(FilePath);
        await InitializeAsync(store);

        ChargeResult[] results = await store.SettleAsync(UsageTerms.Default, Charges.New(user), Charges.New("u"));

        Assert.Equal([ChargeOutcome.UnknownUser, ChargeOutcome.Counted], results.Outcomes());
        Assert.False((await store.ReadAsync(user)).Exists);
        Assert.Equal(RefundResult.UnknownUser, await store.RefundAsync(Charges.New(user)));
    }

    [Fact]
    public async Task Settle_WhenWaitIsCancelled_NeverWritesIntoTheCallersMemory()
    {
        await using var store = new SqliteUsageStore(FilePath);
        await InitializeAsync(store);
        SqliteConnection other = Lock();
        Charge[] charges = [Charges.New("u")];
        var results = new ChargeResult[1];
        using var cancellation = new CancellationTokenSource();
        Task settling = store.SettleAsync(charges, results, UsageTerms.Default, cancellation.Token).AsTask();
        await Task.Delay(100, TestContext.Current.CancellationToken);

        await cancellation.CancelAsync();
        Exception failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => settling);
        Charge sent = charges[0];
        charges[0] = Charges.New("somebody else");
        other.Dispose();

        Assert.Equal(StoreFailure.Unknown, store.Classify(failure));
        Assert.Equal(ChargeOutcome.AlreadyCounted, (await store.SettleAsync(sent)).Outcome);
        Assert.Equal(default, results[0]);
        Assert.Equal(0, (await store.ReadAsync("somebody else")).Used);
    }

    [Fact]
    public async Task Settle_WhenDisposed_IsNotApplied()
    {
        var store = new SqliteUsageStore(FilePath);
        await InitializeAsync(store);
        await store.DisposeAsync();

        ObjectDisposedException failure = await Assert.ThrowsAsync<ObjectDisposedException>(() => store.SettleAsync(Charges.New("u")));

        Assert.Equal(StoreFailure.NotApplied, store.Classify(failure));
    }

    private static async Task InitializeAsync(IUsageStore store) => await store.InitializeAsync(UsageTerms.Default, TestContext.Current.CancellationToken);

    private static async Task<UsageStoreException> FailAsync(string path)
    {
        await using var store = new SqliteUsageStore(path);
        return await Assert.ThrowsAsync<UsageStoreException>(() => InitializeAsync(store));
    }

    private SqliteConnection Lock()
    {
        var connection = new SqliteConnection($"Data Source={FilePath};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE; UPDATE reliable_usage SET used = used";
        command.ExecuteNonQuery();
        return connection;
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={FilePath};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
