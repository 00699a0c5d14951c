namespace Reliable.Simulation;

/// <summary>What a seed makes of a run.</summary>
internal sealed record SimulationOptions(
    int Processes, int Users, long? Limit, CommitMode Mode, JournalMode Journal, int FaultPercent, bool FaultyReads, bool Crashes, TimeSpan ToMidnight, TimeSpan ClockError)
{
    public static SimulationOptions From(Random random) => new(
        Processes: random.Next(3) == 0 ? random.Next(2, 4) : 1,
        Users: random.Next(1, 4),
        Limit: random.Next(3) == 0 ? null : random.Next(2, 12),
        Mode: random.Next(3) == 0 ? CommitMode.Deferred : CommitMode.Awaited,
        Journal: random.Next(6) == 0 ? JournalMode.None : JournalMode.ProcessCrash,
        FaultPercent: random.Next(4) == 0 ? 0 : random.Next(5, 60),
        FaultyReads: random.Next(2) == 0,
        Crashes: random.Next(2) == 0,
        ToMidnight: random.Next(3) == 0 ? TimeSpan.FromSeconds(random.Next(1, 30)) : TimeSpan.FromHours(12),
        ClockError: TimeSpan.FromHours(random.Next(4) == 0 ? random.Next(-30, 30) : 0));
}
