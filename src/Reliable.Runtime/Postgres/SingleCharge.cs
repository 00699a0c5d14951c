using Npgsql;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>The statement that counts one new charge, on one connection: prepared once, and bound to the values of one charge after the other.</summary>
internal sealed class SingleCharge : IAsyncDisposable
{
    private readonly KeyParameter _user;
    private readonly SingleChargeParameters _parameters;

    public SingleCharge(NpgsqlConnection connection, CounterStatements statements)
    {
        Command = new NpgsqlCommand(statements.CountOne, connection);
        _user = statements.Key.CreateParameter();
        _parameters = new SingleChargeParameters(Command.Parameters, _user.Parameter);
    }

    public NpgsqlCommand Command { get; }

    /// <summary>Takes the values of a charge; <see langword="false"/> when its user id can belong to nobody.</summary>
    public bool TryBind(in Charge charge, UsageTerms terms)
    {
        if (!_user.TrySet(charge.UserId))
            return false;
        _parameters.Set(terms);
        _parameters.Set(charge);
        return true;
    }

    public ValueTask DisposeAsync() => Command.DisposeAsync();
}
