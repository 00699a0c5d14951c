using Reliable.Stores;

namespace Reliable.Postgres;

public sealed class PostgresManagedBehaviourTests(PostgresDatabase database) : UsageStoreBehaviour, IClassFixture<PostgresDatabase>
{
    protected override async Task<UsageStoreHarness> CreateHarnessAsync()
    {
        await database.ExecuteAsync(PostgresScripts.Managed());
        return new PostgresManagedHarness(database);
    }
}
