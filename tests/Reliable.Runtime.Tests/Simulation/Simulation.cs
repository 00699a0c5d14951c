using System.Globalization;
using Reliable.Infrastructure;

namespace Reliable.Simulation;

/// <summary>
/// One run: applications that serve calls on one database, and whatever can go wrong between them, in an order that the seed decides. After a while the faults stop,
/// everything comes to rest, and what everybody was told is compared with what the database has.
/// </summary>
internal sealed class Simulation : IDisposable
{
    private const int Steps = 250;
    private const int StepsToRest = 600;
    private const int MostCalls = 40;

    // Never cancelled. With it each caller waits for the task it shares with others through one of its own, which goes on here; else all but one would go on on the pool.
    private readonly CancellationTokenSource _callers = new();
    private readonly TempDirectory _directory = new();
    private readonly Random _random;
    private readonly SimulationOptions _options;
    private readonly SimulatedDatabase _database;
    private readonly List<SimulatedProcess> _processes = [];
    private readonly List<SimulatedCall> _calls = [];
    private readonly List<string> _trace = [];
    private readonly int _seed;
    private TimeSpan _passed;

    public Simulation(int seed, DatabaseFlaw flaw = DatabaseFlaw.None)
    {
        _seed = seed;
        _random = new Random(seed);
        _options = SimulationOptions.From(_random);
        _database = new SimulatedDatabase(flaw, new DateTimeOffset(2026, 3, 11, 0, 0, 0, TimeSpan.Zero) - _options.ToMidnight);
        for (int i = 0; i < _options.Processes; i++)
            StartProcess();
    }

    /// <summary>How many users' limits were checked.</summary>
    public int ExactUsers { get; private set; }

    public string Trace => string.Join('\n', _trace);

    private List<SimulatedProcess> Alive => [.. _processes.Where(static process => !process.IsDead)];

    /// <exception cref="SimulationFailure">A promise was not kept; the message says how to run the same again.</exception>
    public void Run()
    {
        try
        {
            for (int step = 0; step < Steps; step++)
                Step();

            ComeToRest();
            SimulationOracle.Check(_options, _database, _calls, _processes);
            ExactUsers = SimulationOracle.ExactUsers(_options, _database, _processes).Count();
        }
        catch (Exception e)
        {
            string[] message =
            [
                e is SimulationFailure ? e.Message : e.ToString(),
                string.Create(CultureInfo.InvariantCulture, $"Again: RELIABLE_SIMULATION_SEED={_seed} ./test.sh Runtime --filter FullyQualifiedName~SimulationTests"),
                _options.ToString(),
                .. _trace.TakeLast(120),
            ];
            throw new SimulationFailure(string.Join('\n', message), e);
        }
    }

    public void Dispose()
    {
        foreach (SimulatedProcess process in Alive)
            process.Kill();

        _callers.Dispose();
        _directory.Dispose();
    }

    private void Step()
    {
        switch (_random.Next(100))
        {
            case < 15:
                BeginCall();
                break;
            case < 40:
                ContinueCall();
                break;
            case < 58:
                RunWork();
                break;
            case < 82:
                DecideOnPacket();
                break;
            case < 95:
                Advance(TimeSpan.FromMilliseconds(_random.Next(_random.Next(12) switch { 0 => 400_000, < 4 => 1_500, _ => 100 })));
                break;
            default:
                Meddle();
                break;
        }
    }

    private void BeginCall()
    {
        if (_calls.Count >= MostCalls)
            return;

        SimulatedProcess process = Pick(Alive);
        string userId = $"u{_random.Next(_options.Users)}";
        int amount = _random.Next(4) == 0 ? 2 : 1;
        var call = new SimulatedCall(_calls.Count, process, process.Runtime.Usage.BeginAsync(userId, "requests", amount, _callers.Token).AsTask());
        _calls.Add(call);
        Note($"{call} begins for {userId}, amount {amount}");
    }

    private void ContinueCall()
    {
        List<SimulatedCall> idle = [.. _calls.Where(static call => !call.Process.IsDead && !call.IsBusy && call.Begin.IsCompletedSuccessfully)];
        if (idle.Count == 0)
            return;

        SimulatedCall call = Pick(idle);
        int choice = _random.Next(10);
        if (call.IsOpen && choice < 8)
        {
            Note($"{call} commits");
            call.StartCommit();
        }
        else if (call.IsOpen)
        {
            Note($"{call} rolls back");
            call.StartRollback();
        }
        else if (choice < 3 && call.Commit is not null && (call.Rollback is null || call.Rollback.IsFaulted))
        {
            Note($"{call} rolls back after its commit");
            call.StartRollback();
        }
        else if (choice < 6 && call.Commit is not null && call.Rollback is null)
        {
            Note($"{call} commits again");
            call.CommitAgain();
        }
    }

    private void RunWork()
    {
        List<SimulatedProcess> busy = [.. Alive.Where(static process => process.Workers.Waiting > 0)];
        if (busy.Count > 0)
        {
            SimulatedProcess process = Pick(busy);
            Note($"process {process.Number} works");
            process.Workers.RunOne();
        }
    }

    private void DecideOnPacket()
    {
        if (_database.UnderWay.Count == 0)
            return;

        Packet packet = Pick(_database.UnderWay);
        bool mayFail = _options.FaultyReads || packet.What.StartsWith("settle", StringComparison.Ordinal) || packet.What.StartsWith("refund", StringComparison.Ordinal);
        int fault = mayFail && _random.Next(100) < _options.FaultPercent ? _random.Next(5) : -1;
        if (fault != 3 || !packet.IsAwaited)
            _database.UnderWay.Remove(packet);

        switch (fault)
        {
            case 0:
                Note($"{packet.What} of process {packet.Sender.Number}: applied, reply lost");
                packet.Apply();
                packet.Fail(new TimeoutException("The reply was lost."));
                break;
            case 1:
                Note($"{packet.What} of process {packet.Sender.Number}: lost");
                packet.Fail(new TimeoutException("The request was lost."));
                break;
            case 2:
                Note($"{packet.What} of process {packet.Sender.Number}: refused");
                packet.Fail(new IOException("Connection refused."));
                break;
            case 3:
                // Its sender hears of a broken connection now; the request arrives some time later, after those that were sent again.
                Note($"{packet.What} of process {packet.Sender.Number}: connection broken, arrives later");
                packet.Fail(new TimeoutException("The connection broke."));
                break;
            case 4:
                Note($"{packet.What} of process {packet.Sender.Number}: applied, answered late");
                packet.Apply();
                Advance(TimeSpan.FromMilliseconds(_random.Next(3_000)));
                packet.Reply();
                break;
            default:
                Note($"{packet.What} of process {packet.Sender.Number}: applied and answered");
                packet.Apply();
                packet.Reply();
                break;
        }
    }

    private void Meddle()
    {
        string userId = $"u{_random.Next(_options.Users)}";
        switch (_random.Next(7))
        {
            case 0 when _options.Crashes:
                SimulatedProcess victim = Pick(Alive);
                Note($"process {victim.Number} is killed");
                victim.Kill();
                StartProcess();
                break;
            case 1 when _options.Crashes:
                Note("the database crashes: what it has not applied is lost");
                List<Packet> lost = [.. _database.UnderWay];
                _database.UnderWay.Clear();
                foreach (Packet packet in lost)
                    packet.Fail(new TimeoutException("The server closed the connection."));

                break;
            case 2 when _options.FaultPercent > 0:
                Note($"somebody holds the row of {userId}");
                _database.Locked.Add(userId);
                break;
            case 3 when _options.FaultPercent > 30 && _random.Next(3) == 0:
                Note($"charges of {userId} are refused for ever");
                _database.Poisoned.Add(userId);
                break;
            case 4 when _random.Next(6) == 0:
                Note($"{userId} is deleted");
                _database.Deleted.Add(userId);
                break;
            default:
                _database.Locked.Clear();
                break;
        }
    }

    // Without faults everything settles, also what is open: it expires. Then the last processes are killed, and one more finds nothing left to do that it cannot.
    private void ComeToRest()
    {
        Note("the faults stop");
        _database.Locked.Clear();
        _database.Poisoned.Clear();
        Settle(() => _calls.Any(static call => call.IsBusy) || Alive.Any(IsBusy));
        Advance(TimeSpan.FromMinutes(7));
        Settle(() => Alive.Any(IsBusy));
        foreach (SimulatedProcess process in Alive)
        {
            for (int user = 0; user < _options.Users; user++)
            {
                (_, long reserved) = process.Runtime.Keeper.TableOf("requests").Get($"u{user}").Read();
                SimulationOracle.Require(reserved == 0, $"process {process.Number} keeps {reserved} of u{user} reserved");
            }

            process.Kill();
        }

        // Charges that were refused for ever are in the journal: now that the cause is repaired, the next start brings them.
        SimulatedProcess last = StartProcess();
        Task start = last.Runtime.StartAsync();
        Settle(() => !start.IsCompleted || IsBusy(last) || last.HasOpenJournal);
    }

    private static bool IsBusy(SimulatedProcess process) => process.Workers.Waiting > 0 || process.Runtime.Statistics.PendingCharges > 0;

    private void Settle(Func<bool> isBusy)
    {
        for (int step = 0; isBusy() || _database.UnderWay.Count > 0; step++)
        {
            SimulationOracle.Require(step < StepsToRest, "not everything comes to rest: " + string.Join(", ", _calls.Where(static call => call.IsBusy)));
            while (_database.UnderWay.Count > 0)
            {
                Packet packet = _database.UnderWay[0];
                _database.UnderWay.RemoveAt(0);
                Note($"{packet.What} of process {packet.Sender.Number}: applied and answered");
                packet.Apply();
                packet.Reply();
            }

            foreach (SimulatedProcess process in Alive)
            {
                while (process.Workers.Waiting > 0)
                    process.Workers.RunOne();
            }

            Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    private void Advance(TimeSpan by)
    {
        _passed += by;
        _database.Now += by;
        foreach (SimulatedProcess process in Alive)
            process.Clock.Advance(by);
    }

    private SimulatedProcess StartProcess()
    {
        var process = new SimulatedProcess(_processes.Count, _options, _database, _directory.Path, _random);
        Note($"process {process.Number} starts");
        _processes.Add(process);
        return process;
    }

    private T Pick<T>(List<T> list) => list[_random.Next(list.Count)];

    private void Note(string what)
    {
        if (_passed > TimeSpan.Zero)
            _trace.Add(string.Create(CultureInfo.InvariantCulture, $"{_passed.TotalMilliseconds} ms pass"));

        _passed = TimeSpan.Zero;
        _trace.Add(what);
    }
}
