using Microsoft.CodeAnalysis;

namespace Reliable.Generator.Tests.Infrastructure;

/// <summary>Asserts what a run recomputed.</summary>
internal static class CacheAssert
{
    private static readonly string[] s_modelStages = [TrackingNames.Wrappers, TrackingNames.Decorators, TrackingNames.Diagnostics];

    /// <summary>Nothing after the parsing stage changed, and no output was written anew.</summary>
    public static void AllCached(GeneratorDriverRunResult result)
    {
        GeneratorRunResult run = Assert.Single(result.Results);
        foreach (string stage in s_modelStages)
        {
            Assert.All(Reasons(run.TrackedSteps, stage), static reason => Assert.True(IsCached(reason), $"A model was {reason}."));
        }

        Assert.All(OutputReasons(run), static reason => Assert.True(IsCached(reason), $"An output was {reason}."));
    }

    /// <summary>How many outputs a run wrote anew.</summary>
    public static int RewrittenOutputs(GeneratorDriverRunResult result) => OutputReasons(Assert.Single(result.Results)).Count(static reason => !IsCached(reason));

    public static IReadOnlyList<IncrementalStepRunReason> ModelReasons(GeneratorDriverRunResult result)
        => [.. s_modelStages.SelectMany(stage => Reasons(Assert.Single(result.Results).TrackedSteps, stage))];

    private static IEnumerable<IncrementalStepRunReason> OutputReasons(GeneratorRunResult run)
        => run.TrackedOutputSteps.Values.SelectMany(static steps => steps).SelectMany(static step => step.Outputs).Select(static output => output.Reason);

    private static IEnumerable<IncrementalStepRunReason> Reasons(
        System.Collections.Immutable.ImmutableDictionary<string, System.Collections.Immutable.ImmutableArray<IncrementalGeneratorRunStep>> steps, string stage)
        => steps.TryGetValue(stage, out System.Collections.Immutable.ImmutableArray<IncrementalGeneratorRunStep> found)
            ? found.SelectMany(static step => step.Outputs).Select(static output => output.Reason)
            : [];

    private static bool IsCached(IncrementalStepRunReason reason) => reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged;
}
