using System.Collections.Concurrent;
using System.Diagnostics;
using Reliable.Faults;
using Reliable.Infrastructure;
using Reliable.Servers;

namespace Reliable.Rollout;

/// <summary>An operator edits appsettings.json of a web application while it is busy.</summary>
public sealed class LiveSwitchTests(PostgresServer server) : IAsyncLifetime
{
    private const int Callers = 8;

    private readonly ConcurrentQueue<Reply> _replies = new();
    private readonly ExactlyOnceOracle _oracle = new();
    private FaultTables _tables = null!;

    public async ValueTask InitializeAsync() => _tables = await FaultTables.CreateAsync(await server.CreateDatabaseAsync(), isMapped: false, users: Callers);

    [Fact]
    public async Task Edit_WhenTheModeIsSwitchedUnderLoad_IsSeenWithinASecondAndLosesNothing()
    {
        await using LiveApplication application = await LiveApplication.StartAsync(_tables.ConnectionString, "Off");
        using var stop = new CancellationTokenSource();
        Task load = Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => AskAsync(application, _tables.Users[caller], stop.Token)));
        await Eventually.IsTrue(() => _replies.Count > 100, "the load began");

        List<TimeSpan> delays = [];
        foreach (string mode in (string[])["On", "Observe", "On", "Off", "On"])
            delays.Add(await SwitchAsync(application, mode));
        application.Overwrite("{ \"Reliable\": { \"Rollout\": { \"Mode\": \"Off\" ");
        await Eventually.IsTrue(() => application.Lines(1402).Any(), "the broken file is named");
        int since = _replies.Count;
        await Eventually.IsTrue(() => _replies.Count > since + 100, "the load goes on");
        Assert.All(_replies.Skip(since), static reply => Assert.True(reply.IsOn));
        delays.Add(await SwitchAsync(application, "Off"));
        await stop.CancelAsync();
        await Eventually.Ends(load);

        // What waits for a processor on a busy machine is not the switch's: most of them show how fast it is.
        string seen = $"Seen after {string.Join(", ", delays.Select(static d => $"{d.TotalMilliseconds:0} ms"))}.";
        TestContext.Current.TestOutputHelper?.WriteLine(seen);
        Assert.True(delays.Order().ElementAt(delays.Count / 2) < TimeSpan.FromSeconds(1), seen);
        Assert.Single(application.Lines(1402));
        OracleReport report = _oracle.Judge(await _tables.ReadAsync());
        Assert.True(report.IsClean, report.ToString());
        Assert.Equal(_replies.Count, _oracle.Counted);
        Assert.Empty(await _tables.AuditAsync());
    }

    [Fact]
    public async Task Edit_WhileACallIsInFlight_EndsUnderWhatItBeganWith()
    {
        await using LiveApplication application = await LiveApplication.StartAsync(_tables.ConnectionString, "On");
        application.HoldFirstAttempts();
        Task<string> asked = application.Client.GetStringAsync($"/ask/{_tables.Users[0]}", TestContext.Current.CancellationToken);
        await Eventually.IsTrue(() => application.Held == 1, "the first attempt is under way");

        application.Edit("Reliable:Rollout", "Mode", "Off");
        application.Edit("Reliable:Retry", "MaxRetries", 0);
        await Eventually.IsTrue(() => application.Runtime.Settings.Options is { Rollout.Mode: RolloutMode.Off, Retry.MaxRetries: 0 }, "the switch is seen");
        application.ReleaseFirstAttempts();
        Assert.True(Reply.Parse(await asked).IsOn);

        Assert.False(Reply.Parse(await application.Client.GetStringAsync($"/ask/{_tables.Users[0]}", TestContext.Current.CancellationToken)).IsOn);
        Assert.Equal(2, (await _tables.ReadAsync()).Counters[_tables.Users[0]]);
    }

    public async ValueTask DisposeAsync() => await _tables.DisposeAsync();

    private async Task<TimeSpan> SwitchAsync(LiveApplication application, string mode)
    {
        long edited = Stopwatch.GetTimestamp();
        application.Edit("Reliable:Rollout", "Mode", mode);
        bool isOn = mode == "On";
        while (true)
        {
            Reply? seen = _replies.LastOrDefault(reply => reply.Asked >= edited && reply.IsOn == isOn);
            bool isSeen = mode == "Observe" ? application.Lines(1500).Any() : seen is not null;
            if (isSeen)
                break;
            Assert.True(Stopwatch.GetElapsedTime(edited) < TimeSpan.FromSeconds(60), $"'{mode}' is not seen.");
            await Task.Delay(5);
        }

        TimeSpan after = Stopwatch.GetElapsedTime(edited);

        // Who asks from now on is answered in the new mode, every time.
        await Task.Delay(100);
        long now = Stopwatch.GetTimestamp();
        await Eventually.IsTrue(() => _replies.Count(reply => reply.Asked >= now) >= 2 * Callers, "the load goes on");
        Assert.All(_replies.Where(reply => reply.Asked >= now), reply => Assert.Equal(isOn, reply.IsOn));
        return after;
    }

    private async Task AskAsync(LiveApplication application, string user, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            long asked = Stopwatch.GetTimestamp();
            var reply = Reply.Parse(await application.Client.GetStringAsync($"/ask/{user}", CancellationToken.None)) with { Asked = asked };
            _oracle.Tell(reply.TransactionId, user, ToldOutcome.Counted);
            _replies.Enqueue(reply);
            await Task.Delay(5, CancellationToken.None);
        }
    }

    private sealed record Reply(string TransactionId, int Attempts, int Length)
    {
        /// <summary>When the question left.</summary>
        public long Asked { get; init; }

        public bool IsOn => (Attempts, Length) switch
        {
            (2, > 0) => true,
            (1, 0) => false,
            _ => throw new InvalidOperationException($"Half a mode: {Attempts} attempts, an answer of {Length} characters."),
        };

        public static Reply Parse(string text)
        {
            string[] parts = text.Split('|');
            return new Reply(parts[0], int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
