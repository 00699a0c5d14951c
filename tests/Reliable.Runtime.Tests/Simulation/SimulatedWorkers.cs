using Reliable.Usage;

namespace Reliable.Simulation;

/// <summary>Work that waits until the simulation picks it; everything else goes on where it was set off. So one thread does all, in the order of the seed.</summary>
internal sealed class SimulatedWorkers(Random random) : Workers
{
    private readonly List<IThreadPoolWorkItem> _waiting = [];

    public int Waiting => _waiting.Count;

    public override TaskCreationOptions Continuations => TaskCreationOptions.None;

    public override TimeSpan GatherTime => TimeSpan.Zero;

    public override void Run(IThreadPoolWorkItem work) => _waiting.Add(work);

    public override double NextRandom() => random.NextDouble();

    public void RunOne()
    {
        int choice = random.Next(_waiting.Count);
        IThreadPoolWorkItem work = _waiting[choice];
        _waiting.RemoveAt(choice);
        work.Execute();
    }
}
