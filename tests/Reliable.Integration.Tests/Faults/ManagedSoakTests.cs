using Reliable.Servers;

namespace Reliable.Faults;

public sealed class ManagedSoakTests(FaultCluster cluster, ITestOutputHelper output) : SoakBehaviour(cluster, output)
{
    [Fact]
    public Task Soak_WhenEverythingBreaks_LosesNothingAndCountsNothingTwice() => SoakAsync(new FaultSetup());
}
