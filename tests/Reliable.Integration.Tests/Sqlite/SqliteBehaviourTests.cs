using Reliable.Stores;

namespace Reliable.Sqlite;

public sealed class SqliteBehaviourTests : UsageStoreBehaviour
{
    protected override async Task<UsageStoreHarness> CreateHarnessAsync()
    {
        var harness = new SqliteHarness();
        await harness.OpenAsync();
        return harness;
    }
}
