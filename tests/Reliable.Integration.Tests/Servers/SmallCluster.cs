namespace Reliable.Servers;

/// <summary>A server that takes few connections.</summary>
public sealed class SmallCluster : FaultCluster
{
    protected override string Settings => "-c max_connections=20";
}
