namespace Reliable.Simulation;

/// <summary>A request on its way to the database, or the reply on its way back.</summary>
internal abstract class Packet(SimulatedProcess sender, string what)
{
    public SimulatedProcess Sender { get; } = sender;

    public string What { get; } = what;

    /// <summary>Whether anybody still waits for a reply.</summary>
    public abstract bool IsAwaited { get; }

    /// <summary>The database does it; whoever waits is told nothing yet.</summary>
    public abstract void Apply();

    /// <summary>The reply arrives: what <see cref="Apply"/> came to.</summary>
    public abstract void Reply();

    public abstract void Fail(Exception exception);
}
