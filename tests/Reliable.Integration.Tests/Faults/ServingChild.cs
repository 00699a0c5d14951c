using System.Diagnostics;
using System.Globalization;
using Reliable.Calls;
using Reliable.Postgres;
using Reliable.Sqlite;
using Reliable.Usage;

namespace Reliable.Faults;

/// <summary>A process that serves calls until it is killed. It notes each call before its answer, and each answer after its charge.</summary>
/// <param name="Store">A path of a SQLite file, or a connection string of PostgreSQL with the <c>"User"</c> table.</param>
/// <param name="Directory">Where its notes and its journal are.</param>
/// <param name="Users">Who calls.</param>
internal sealed record ServingChild(string Store, string Directory, IReadOnlyList<string> Users)
{
    private const string StoreVariable = "RELIABLE_TEST_CHILD_STORE";
    private const string DirectoryVariable = "RELIABLE_TEST_CHILD_DIRECTORY";
    private const string UsersVariable = "RELIABLE_TEST_CHILD_USERS";
    private const int Callers = 16;

    // Nobody kills a child whose parent was killed.
    private static readonly TimeSpan s_longestLife = TimeSpan.FromMinutes(2);

    private static readonly CallPolicy s_policy = CallPolicy.Create(
        "ServingChild.AskAsync", new RetryAttribute(), new ValidateResponseAttribute(), new UsageTransactionAttribute());

    public string JournalPath => Path.Combine(Directory, "journal");

    /// <summary>What this process was asked to be.</summary>
    public static ServingChild FromEnvironment() => new(Get(StoreVariable), Get(DirectoryVariable), Get(UsersVariable).Split(','));

    /// <summary>Starts it, as an explicit test of this program.</summary>
    public Process Start(Type test, string method)
    {
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Reliable.Integration.Tests.exe" : "Reliable.Integration.Tests");
        return Process.Start(new ProcessStartInfo(program, ["-explicit", "only", "-method", $"{test.FullName}.{method}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [StoreVariable] = Store, [DirectoryVariable] = Directory, [UsersVariable] = string.Join(',', Users) },
        })!;
    }

    /// <summary>The notes of a process: what it answered, or what it was asked.</summary>
    public string LogOf(int process, bool answers)
        => Path.Combine(Directory, string.Create(CultureInfo.InvariantCulture, $"{process}.{(answers ? "answers" : "calls")}"));

    /// <summary>Tells the oracle what every process of this directory noted.</summary>
    public void Tell(ExactlyOnceOracle oracle)
    {
        foreach (string path in System.IO.Directory.GetFiles(Directory, "*.calls"))
        {
            foreach ((Guid id, int user) in AnswerLog.Read(path))
                oracle.Tell(id, Users[user], ToldOutcome.Untold);
        }

        foreach (string path in System.IO.Directory.GetFiles(Directory, "*.answers"))
        {
            foreach ((Guid id, int user) in AnswerLog.Read(path))
                oracle.Tell(id, Users[user], ToldOutcome.Counted);
        }
    }

    /// <summary>A runtime on the store and the journal.</summary>
    public ReliableRuntime CreateRuntime()
    {
        IUsageStore store = Store.Contains("Host=", StringComparison.Ordinal)
            ? new PostgresUsageStore(Store, FaultTables.Map(new PostgresOptions()))
            : new SqliteUsageStore(Store);
        return ReliableRuntime.Create(
            o =>
            {
                o.Rollout.Mode = RolloutMode.On;
                o.Usage.CommitTimeout = TimeSpan.FromMilliseconds(200);
                o.Usage.JournalPath = JournalPath;
            },
            store);
    }

    /// <summary>Serves, in the child.</summary>
    public async Task ServeAsync()
    {
        using var end = new CancellationTokenSource(s_longestLife);
        await using ReliableRuntime runtime = CreateRuntime();
        using var calls = new AnswerLog(LogOf(Environment.ProcessId, answers: false));
        using var answers = new AnswerLog(LogOf(Environment.ProcessId, answers: true));
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                int user = Random.Shared.Next(Users.Count);
                answers.Add(await AskAsync(runtime, calls, Users[user], user), user);
            }
        })));
    }

    private static async Task<string> AskAsync(ReliableRuntime runtime, AnswerLog calls, string userId, int user)
        => await CallRunner.RunAsync(
            runtime,
            s_policy,
            (calls, user),
            static (state, attempt, _) =>
            {
                state.calls.Add(attempt.TransactionId!, state.user);
                return Task.FromResult(attempt.TransactionId!);
            },
            userId: userId);

    private static string Get(string variable)
        => Environment.GetEnvironmentVariable(variable) ?? throw new InvalidOperationException($"'{variable}' is not set.");
}
