namespace Reliable;

/// <summary>The runtime behind the generated methods: one per application.</summary>
public sealed class ReliableRuntime
{
}
