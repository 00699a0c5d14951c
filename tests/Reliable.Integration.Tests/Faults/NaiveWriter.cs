using Npgsql;

namespace Reliable.Faults;

/// <summary>How counters are often written. Each way is wrong, and the oracle must say so.</summary>
internal sealed class NaiveWriter(string connectionString, ExactlyOnceOracle oracle) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 8, CommandTimeout = 5 }.ConnectionString);

    /// <summary>Tries again whatever the driver calls transient, without an id that would make it harmless.</summary>
    public async Task RetryBlindlyAsync(string user)
    {
        while (true)
        {
            try
            {
                await AddAsync(user);
                break;
            }
            catch (NpgsqlException e) when (e.IsTransient)
            {
                await Task.Delay(5);
            }
        }

        oracle.Tell(Guid.CreateVersion7(), user, ToldOutcome.Counted);
    }

    /// <summary>Takes an error for a charge that did not happen, and tells the caller so.</summary>
    public async Task NeverRetryAsync(string user)
    {
        ToldOutcome outcome = ToldOutcome.Counted;
        try
        {
            await AddAsync(user);
        }
        catch (NpgsqlException)
        {
            outcome = ToldOutcome.NotCounted;
        }

        oracle.Tell(Guid.CreateVersion7(), user, outcome);
    }

    /// <summary>Shows the answer whatever became of its charge.</summary>
    public async Task AssumeSuccessAsync(string user)
    {
        try
        {
            await AddAsync(user);
        }
        catch (NpgsqlException)
        {
        }

        oracle.Tell(Guid.CreateVersion7(), user, ToldOutcome.Counted);
    }

    /// <summary>Reads, adds and writes.</summary>
    public async Task ReadThenWriteAsync(string user)
    {
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync();
        await using var read = new NpgsqlCommand($"SELECT used FROM reliable.usage WHERE user_id = '{user}'", connection);
        long used = (long)(await read.ExecuteScalarAsync())!;
        await using var write = new NpgsqlCommand($"UPDATE reliable.usage SET used = {used + 1} WHERE user_id = '{user}'", connection);
        await write.ExecuteNonQueryAsync();
        oracle.Tell(Guid.CreateVersion7(), user, ToldOutcome.Counted);
    }

    /// <summary>Counts a batch in the order in which it came, each row when its turn comes.</summary>
    public async Task AddUnorderedAsync(IEnumerable<string> users)
    {
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        foreach (string user in users)
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"UPDATE reliable.usage SET used = used + 1 WHERE user_id = '{user}'"));
        await batch.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task AddAsync(string user)
    {
        await using NpgsqlCommand command = _source.CreateCommand($"UPDATE reliable.usage SET used = used + 1 WHERE user_id = '{user}'");
        await command.ExecuteNonQueryAsync();
    }
}
