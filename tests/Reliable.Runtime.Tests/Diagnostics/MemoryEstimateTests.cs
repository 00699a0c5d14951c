using Reliable.Infrastructure;

namespace Reliable.Diagnostics;

[Collection(RunsAlone.Name)]
public sealed class MemoryEstimateTests
{
    [Fact]
    public async Task Statistics_WhenManyUsersAreKnown_EstimateWhatTheyTake()
    {
        await using var harness = new RuntimeHarness();
        long bytesBefore = harness.Runtime.Statistics.EstimatedBytes;
        const int Users = 20_000;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Users; i++)
        {
            harness.Runtime.Keeper.TableOf("requests").Get(Guid.NewGuid().ToString());
        }

        long taken = GC.GetTotalMemory(forceFullCollection: true) - before;
        long estimated = harness.Runtime.Statistics.EstimatedBytes - bytesBefore;
        Assert.InRange(estimated / (double)taken, 0.75, 1.33);
    }
}
