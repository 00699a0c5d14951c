using Npgsql;
using Reliable.Postgres;

namespace Reliable.CommitLoad.Contenders;

/// <summary>The library with tables of its own: begin and awaited commit of a transaction.</summary>
internal sealed class ReliableManaged(string connectionString, CommitMode mode) : ReliableContender(mode)
{
    private readonly string _schema = $"managed_{mode}".ToLowerInvariant();

    public override string Name => $"Reliable, managed, {Mode}";

    protected override async Task<Usage.IUsageStore> CreateStoreAsync(IReadOnlyList<string> users)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using NpgsqlCommand command = source.CreateCommand($"DROP SCHEMA IF EXISTS {_schema} CASCADE");
        await command.ExecuteNonQueryAsync();
        return new PostgresUsageStore(connectionString, new PostgresOptions { Schema = _schema });
    }

    public override async Task<long> CountAsync()
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using NpgsqlCommand command = source.CreateCommand($"SELECT COALESCE(sum(used), 0)::bigint FROM {_schema}.usage");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
