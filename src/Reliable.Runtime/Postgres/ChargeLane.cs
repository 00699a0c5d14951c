using Npgsql;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>
/// A connection for charges that is kept from one batch to the next, with the statements for a single charge bound to it: what a caller who is alone waits for
/// is the round trip, and as little as possible besides.
/// </summary>
internal sealed class ChargeLane(NpgsqlConnection connection, PostgresPool pool) : IAsyncDisposable
{
    private readonly Dictionary<CounterStatements, NpgsqlCommand> _countOne = [];

    public NpgsqlConnection Connection => connection;

    /// <summary>Where the connection comes from.</summary>
    public PostgresPool Pool => pool;

    /// <summary>Whether the statements at hand have left: then an error leaves open what became of them.</summary>
    public bool IsSent { get; set; }

    /// <summary>The statement that counts one new charge, prepared.</summary>
    /// <returns><see langword="null"/> when the user id can belong to nobody.</returns>
    public async ValueTask<NpgsqlCommand?> BindAsync(CounterStatements statements, Charge charge, UsageTerms terms)
    {
        KeyBuffer user = statements.Key.CreateBuffer();
        if (!user.TryAdd(charge.UserId))
            return null;
        if (!_countOne.TryGetValue(statements, out NpgsqlCommand? command))
        {
            command = new NpgsqlCommand(statements.CountOne, connection);
            NewChargeGroup.AddOne(command.Parameters, charge, user, terms);
            await command.PrepareAsync(CancellationToken.None).ConfigureAwait(false);
            _countOne.Add(statements, command);
            return command;
        }

        // The same parameters with other values: what was prepared goes by them.
        NpgsqlParameterCollection parameters = command.Parameters;
        parameters[0].Value = terms.TimeZone;
        parameters[1].Value = terms.DefaultLimit is { } limit ? limit : DBNull.Value;
        parameters[2].Value = charge.TransactionId;
        parameters[3].Value = user.ToFirstParameter().Value;
        parameters[4].Value = charge.Counter;
        parameters[5].Value = charge.Amount;
        parameters[6].Value = terms.EnforceLimit;
        return command;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (NpgsqlCommand command in _countOne.Values)
            await command.DisposeAsync().ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }
}
