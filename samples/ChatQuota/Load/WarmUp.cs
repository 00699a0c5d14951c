namespace ChatQuota.Load;

/// <summary>
/// Asks a few questions of other users first, and forgets them: the times in the report are those of a server that runs, not of one whose code is still being
/// compiled.
/// </summary>
internal static class WarmUp
{
    public static int Calls(LoadPlan plan) => 4 * Math.Min(plan.Concurrency, 64);

    public static async Task RunAsync(LoadPlan plan, Uri address, CancellationToken cancellationToken)
    {
        LoadPlan few = plan with { Calls = Calls(plan) };
        var generator = new LoadGenerator(few, new Questions(few, firstNumber: 1_000), address);
        await generator.RunAsync(new Progress<CallResult>(), cancellationToken);
    }
}
