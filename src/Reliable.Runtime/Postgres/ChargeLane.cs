using Npgsql;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>
/// A connection for charges that is kept from one batch to the next, with the statements for a single charge bound to it: what a caller who is alone waits for
/// is the round trip, and as little as possible besides.
/// </summary>
internal sealed class ChargeLane(NpgsqlConnection connection, PostgresPool pool) : IAsyncDisposable
{
    private readonly Dictionary<CounterStatements, SingleCharge> _singles = [];

    public NpgsqlConnection Connection => connection;

    /// <summary>Where the connection comes from.</summary>
    public PostgresPool Pool => pool;

    /// <summary>Whether the statements at hand have left: then an error leaves open what became of them.</summary>
    public bool IsSent { get; set; }

    /// <summary>The statement that counts one new charge, prepared.</summary>
    /// <returns><see langword="null"/> when the user id can belong to nobody.</returns>
    public ValueTask<NpgsqlCommand?> BindAsync(CounterStatements statements, in Charge charge, UsageTerms terms)
    {
        if (_singles.TryGetValue(statements, out SingleCharge? single))
            return new(single.TryBind(charge, terms) ? single.Command : null);
        single = new SingleCharge(connection, statements);
        return single.TryBind(charge, terms) ? PrepareAsync(statements, single) : default;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (SingleCharge single in _singles.Values)
            await single.DisposeAsync().ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<NpgsqlCommand?> PrepareAsync(CounterStatements statements, SingleCharge single)
    {
        await single.Command.PrepareAsync(CancellationToken.None).ConfigureAwait(false);
        _singles.Add(statements, single);
        return single.Command;
    }
}
