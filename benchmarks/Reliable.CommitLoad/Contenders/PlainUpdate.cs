using Npgsql;

namespace Reliable.CommitLoad.Contenders;

/// <summary>What most applications do: one awaited UPDATE per request, from a pool. A lost reply leaves open whether it counted.</summary>
internal sealed class PlainUpdate(string connectionString) : IContender
{
    private const string Table = "plain_usage";

    private NpgsqlDataSource? _source;

    public string Name => "one UPDATE per request";

    public async Task PrepareAsync(IReadOnlyList<string> users, int callers)
    {
        _source = HandWritten.Connect(connectionString, callers);
        await HandWritten.CreateCountersAsync(_source, Table, users);
    }

    public async ValueTask CommitAsync(string user)
    {
        await using NpgsqlConnection connection = await _source!.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(
            $"UPDATE {Table} SET used = CASE WHEN day < current_date THEN 1 ELSE used + 1 END, day = current_date WHERE user_id = $1 RETURNING used", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = user });
        await command.PrepareAsync();
        await command.ExecuteScalarAsync();
    }

    public Task<long> CountAsync() => HandWritten.CountAsync(_source!, Table);

    public ValueTask DisposeAsync() => _source!.DisposeAsync();
}
