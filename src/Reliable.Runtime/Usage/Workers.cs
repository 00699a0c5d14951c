namespace Reliable.Usage;

/// <summary>
/// Where work goes on that must not run on the thread that set it off, and the chance it takes: the thread pool and its random numbers. A simulation puts its own
/// here, so that everything runs in an order that can be repeated.
/// </summary>
internal class Workers
{
    public static Workers Pool { get; } = new();

    /// <summary>How a task of the runtime's own lets those go on that wait for it.</summary>
    public virtual TaskCreationOptions Continuations => TaskCreationOptions.RunContinuationsAsynchronously;

    /// <summary>How long to wait for callers that come back at the same moment, see <see cref="GroupCommitter"/>.</summary>
    public virtual TimeSpan GatherTime { get; } = TimeSpan.FromMicroseconds(150);

    /// <summary>Runs work on another thread, without the caller's context.</summary>
    public virtual void Run(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);

    /// <summary>A number from 0 to 1.</summary>
    public virtual double NextRandom() => Random.Shared.NextDouble();
}
