using Npgsql;

namespace Reliable.CommitLoad.Contenders;

/// <summary>What a careful application does: a ledger row under an id of its own and the counter in one statement, one round trip per request.</summary>
internal sealed class LedgerStatement(string connectionString) : IContender
{
    private const string Table = "ledger_usage";

    private NpgsqlDataSource? _source;

    public string Name => "ledger and counter in one statement per request";

    public async Task PrepareAsync(IReadOnlyList<string> users, int callers)
    {
        _source = HandWritten.Connect(connectionString, callers);
        await HandWritten.CreateCountersAsync(_source, Table, users);
        await using NpgsqlCommand command = _source.CreateCommand(
            "DROP TABLE IF EXISTS ledger_charge; CREATE TABLE ledger_charge (tx uuid PRIMARY KEY, user_id text NOT NULL, day date NOT NULL)");
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask CommitAsync(string user)
    {
        await using NpgsqlConnection connection = await _source!.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(
            $"""
            WITH ins AS (INSERT INTO ledger_charge VALUES ($1, $2, current_date) ON CONFLICT (tx) DO NOTHING RETURNING user_id, day)
            UPDATE {Table} u SET used = CASE WHEN u.day < ins.day THEN 1 ELSE u.used + 1 END, day = ins.day FROM ins WHERE u.user_id = ins.user_id RETURNING u.used
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7() });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = user });
        await command.PrepareAsync();
        await command.ExecuteScalarAsync();
    }

    public Task<long> CountAsync() => HandWritten.CountAsync(_source!, Table);

    public ValueTask DisposeAsync() => _source!.DisposeAsync();
}
