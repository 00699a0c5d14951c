using Reliable.Stores;

namespace Reliable.Memory;

public sealed class MemoryBehaviourTests : UsageStoreBehaviour
{
    protected override Task<UsageStoreHarness> CreateHarnessAsync() => Task.FromResult<UsageStoreHarness>(new MemoryHarness());
}
