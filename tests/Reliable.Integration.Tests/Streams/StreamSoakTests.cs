using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Reliable.Calls;
using Reliable.Faults;
using Reliable.Postgres;
using Reliable.Sqlite;
using Reliable.Usage;

namespace Reliable.Streams;

/// <summary>Ten thousand streams, 256 at a time, of a model that cuts and fails, half of them left by their readers at random points.</summary>
public sealed class StreamSoakTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const int Streams = 10_000;
    private const int AtOnce = 256;
    private const int Users = 97;

    private static readonly CallPolicy s_policy = CallPolicy.Create(
        "Soak.AskAsync", new RetryAttribute { MaxRetries = 2, BackoffMs = [0] }, new ValidateResponseAttribute(), new UsageTransactionAttribute());

    private static readonly string[] s_answer = ["The ", "ans", "wer ", "is", " forty", "-two", ", as", " ever", "."];

    private readonly ConcurrentDictionary<string, int> _expected = new();
    private readonly int _seed = Environment.GetEnvironmentVariable("RELIABLE_TEST_SEED") is { Length: > 0 } seed
        ? int.Parse(seed, CultureInfo.InvariantCulture)
        : Environment.TickCount;

    private int _opened;
    private int _disposed;

    [Fact]
    public Task InMemory_WhenHalfOfThemAreLeft_CountsExactlyAndLeavesNothingOpen() => RunAsync(new MemoryUsageStore(TimeProvider.System));

    [Fact]
    public async Task InSqlite_WhenHalfOfThemAreLeft_CountsExactlyAndLeavesNothingOpen()
    {
        await using var harness = new SqliteHarness();
        await RunAsync(new SqliteUsageStore(harness.FilePath, TimeProvider.System));
        Assert.Empty(await harness.AuditAsync([.. _expected.Keys]));
    }

    [Fact]
    public async Task InPostgres_WhenHalfOfThemAreLeft_CountsExactlyAndLeavesNothingOpen()
    {
        await using var harness = new PostgresManagedHarness(database);
        await RunAsync(new PostgresUsageStore(database.ConnectionString, new PostgresOptions()));
        Assert.Empty(await harness.AuditAsync([.. _expected.Keys]));
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"));
    }

    [Fact]
    public async Task InPostgres_WhenItsConnectionsBreakMeanwhile_CountsExactlyAndLeavesNothingOpen()
    {
        await using FaultProxy proxy = FaultProxy.Start(database.ConnectionString, _seed);
        await using var harness = new PostgresManagedHarness(database);
        await RunAsync(new PostgresUsageStore(proxy.ConnectionString, new PostgresOptions { CommandTimeout = TimeSpan.FromSeconds(10) }), proxy, streams: Streams / 4);
        Assert.Empty(await harness.AuditAsync([.. _expected.Keys]));
        Assert.True(proxy.Faults > 0, $"Nothing broke (seed {_seed}).");
    }

    private async Task RunAsync(IUsageStore store, FaultProxy? proxy = null, int streams = Streams)
    {
        string journal = Directory.CreateTempSubdirectory("reliable-soak-").FullName;
        string prefix = $"u{Guid.NewGuid():N}-";
        await using (ReliableRuntime runtime = ReliableRuntime.Create(
            options =>
            {
                options.Rollout.Mode = RolloutMode.On;
                options.Usage.JournalPath = journal;
                options.Usage.CommitTimeout = proxy is null ? TimeSpan.FromMinutes(1) : TimeSpan.FromMilliseconds(100);
            },
            store))
        {
            // The store is there before anything breaks: a call that cannot begin is another test's.
            await FaultHarness.LearnAsync(runtime, prefix);
            if (proxy is not null)
                proxy.FaultRate = 0.05;

            int next = -1;
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
            {
                for (int n = Interlocked.Increment(ref next); n < streams; n = Interlocked.Increment(ref next))
                    await ReadOneAsync(runtime, new Random(unchecked((_seed * 31) + n)), $"{prefix}{n % Users}");
            })));

            Assert.Equal(0, runtime.Statistics.ActiveTransactions);
            if (proxy is null)
                Assert.Equal((0, 0), (runtime.Statistics.PendingCharges, runtime.Statistics.JournaledCharges));
            else
                await SettleAsync(runtime, proxy);

            Assert.Equal(_opened, _disposed);
            foreach ((string user, int expected) in _expected)
            {
                UsageSnapshot usage = await runtime.Usage.GetUsageAsync(user);
                Assert.True((expected, 0) == (usage.Used, usage.Reserved), $"Seed {_seed}, user {user}: {usage.Used} used and {usage.Reserved} reserved instead of {expected}.");
            }
        }

        Directory.Delete(journal, recursive: true);
    }

    private static async Task SettleAsync(ReliableRuntime runtime, FaultProxy proxy)
    {
        proxy.Calm();
        await Eventually.IsTrue(
            () => runtime.Statistics is { PendingCharges: 0, JournaledCharges: 0 } && !proxy.HasLateRequests, "what could not be charged at once is charged");
    }

    private async Task ReadOneAsync(ReliableRuntime runtime, Random random, string user)
    {
        int seed = random.Next();
        LeavingReader.Way way = random.Next(2) == 0 ? LeavingReader.Way.Stay : (LeavingReader.Way)random.Next(1, 4);
        (string text, bool isFailed) = await LeavingReader.ReadAsync(
            token => CallRunner.StreamAsync(
                runtime, s_policy, (self: this, seed), static (state, attempt, token) => state.self.AnswerAsync(state.seed + attempt.Number, token), userId: user, cancellationToken: token),
            way,
            updates: random.Next(1, s_answer.Length + 1));

        Assert.StartsWith(text, string.Concat(s_answer), StringComparison.Ordinal);
        int charged = !isFailed && ResponseValidator.Validate(text).IsValid ? 1 : 0;
        _expected.AddOrUpdate(user, charged, (_, before) => before + charged);
    }

    private async IAsyncEnumerable<string> AnswerAsync(int seed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        int cut = random.Next(3) == 0 ? random.Next(s_answer.Length) : int.MaxValue;
        bool isSilent = random.Next(2) == 0;
        Interlocked.Increment(ref _opened);
        try
        {
            for (int i = 0; i < s_answer.Length; i++)
            {
                if (random.Next(3) == 0)
                    await Task.Yield();

                if (random.Next(50) == 0)
                    await Task.Delay(1, cancellationToken);

                if (i == cut)
                {
                    if (isSilent)
                        yield break;

                    throw new HttpIOException(HttpRequestError.ResponseEnded);
                }

                yield return s_answer[i];
            }
        }
        finally
        {
            Interlocked.Increment(ref _disposed);
        }
    }
}
