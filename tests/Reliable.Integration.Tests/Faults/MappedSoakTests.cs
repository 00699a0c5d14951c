using Reliable.Servers;

namespace Reliable.Faults;

public sealed class MappedSoakTests(FaultCluster cluster, ITestOutputHelper output) : SoakBehaviour(cluster, output)
{
    [Fact]
    public Task Soak_WhenEverythingBreaksAndLimitsAreTight_NeverPassesThem() => SoakAsync(new FaultSetup { IsMapped = true, Limit = TightLimit });
}
