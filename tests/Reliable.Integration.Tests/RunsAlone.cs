namespace Reliable.Integration.Tests;

/// <summary>Tests that listen to everything in the process: they run after the others, one class at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "Runs alone";
}
