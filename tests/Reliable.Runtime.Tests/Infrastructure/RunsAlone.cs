namespace Reliable.Infrastructure;

/// <summary>Tests that measure, or that need every core: they run after the others, one class at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "Runs alone";
}
