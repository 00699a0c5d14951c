using Reliable.Stores;

namespace Reliable.Postgres;

/// <summary>The shared behaviour on a table of an application's own.</summary>
public abstract class PostgresMappedBehaviour(PostgresDatabase database, MappedVariant variant) : UsageStoreBehaviour, IClassFixture<PostgresDatabase>
{
    protected PostgresDatabase Database { get; } = database;

    protected override async Task<UsageStoreHarness> CreateHarnessAsync()
    {
        await Database.ExecuteAsync(PostgresScripts.Mapped());
        await Database.ExecuteAsync(variant.Ddl);
        return new PostgresMappedHarness(Database, variant);
    }
}
