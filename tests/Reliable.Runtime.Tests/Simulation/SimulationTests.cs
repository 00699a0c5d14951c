using System.Globalization;
using Reliable.Infrastructure;

namespace Reliable.Simulation;

/// <summary>
/// The runtime, its committer and its journal on a simulated clock and database, one thread, faults in the order of a seed. <c>RELIABLE_SIMULATION_SEED</c> runs one seed,
/// <c>RELIABLE_SIMULATION_SEEDS</c> as many as it says.
/// </summary>
[Collection(RunsAlone.Name)]
public sealed class SimulationTests
{
    private const int Seeds = 1_200;

    [Fact]
    public void Runtime_WhenAnythingFailsInAnyOrder_KeepsItsPromises()
    {
        if (Setting("RELIABLE_SIMULATION_SEED") is { } seed)
        {
            RunAll(seed, 1);
            return;
        }

        RunAll(0, Setting("RELIABLE_SIMULATION_SEEDS") ?? Seeds);
    }

    [Fact]
    public void Runtime_WhenTheSeedIsTheSame_DoesTheSame()
    {
        for (int seed = 0; seed < 30; seed++)
            Assert.Equal(TraceOf(seed), TraceOf(seed));
    }

    [Theory]
    [InlineData(DatabaseFlaw.IgnoresIds, "times")]
    [InlineData(DatabaseFlaw.AcknowledgesWithoutApplying, "was told that it is counted, and is not")]
    [InlineData(DatabaseFlaw.ReadsNothing, "a limit was passed")]
    public void Database_WhenItBreaksAPromise_IsReported(DatabaseFlaw flaw, string report)
    {
        bool isReported = false;
        OnThreads(1, () =>
        {
            for (int seed = 0; seed < 300 && !isReported; seed++)
            {
                if (FailureOf(seed, flaw, out _) is { } failure && failure.Message.Contains(report, StringComparison.Ordinal))
                {
                    Assert.Contains($"RELIABLE_SIMULATION_SEED={seed} ", failure.Message, StringComparison.Ordinal);
                    isReported = true;
                }
            }
        });

        Assert.True(isReported, $"A database that {flaw} went unnoticed.");
    }

    // Two threads: each simulation runs on one of them, without anybody's context.
    private static void RunAll(int first, int count)
    {
        int next = first - 1;
        int limitsChecked = 0;
        SimulationFailure? failure = null;
        OnThreads(2, () =>
        {
            int seed;
            while (Volatile.Read(ref failure) is null && (seed = Interlocked.Increment(ref next)) < first + count)
            {
                if (FailureOf(seed, DatabaseFlaw.None, out int exactUsers) is { } found)
                    Volatile.Write(ref failure, found);

                Interlocked.Add(ref limitsChecked, exactUsers);
            }
        });
        Assert.True(failure is null, failure?.Message);
        Assert.True(count < 100 || limitsChecked > count / 4, $"Of {count} runs only {limitsChecked} limits could be checked: the simulation has become too wild.");
    }

    private static void OnThreads(int threads, Action body) => Race.Run(threads, 1, static _ => { }, (_, _) => body(), static _ => { });

    private static SimulationFailure? FailureOf(int seed, DatabaseFlaw flaw, out int limitsChecked)
    {
        using var simulation = new Simulation(seed, flaw);
        SimulationFailure? failure = null;
        try
        {
            simulation.Run();
        }
        catch (SimulationFailure found)
        {
            failure = found;
        }

        limitsChecked = simulation.ExactUsers;
        return failure;
    }

    private static string TraceOf(int seed)
    {
        string trace = "";
        OnThreads(1, () =>
        {
            using var simulation = new Simulation(seed);
            simulation.Run();
            trace = simulation.Trace;
        });
        return trace;
    }

    private static int? Setting(string name)
        => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : null;
}
