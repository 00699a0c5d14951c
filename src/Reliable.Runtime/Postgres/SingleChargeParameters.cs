using Npgsql;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>The parameters of <see cref="PostgresSql.CountOne"/> in its order. The same objects serve one charge after the other, by their values alone.</summary>
internal sealed class SingleChargeParameters
{
    private readonly NpgsqlParameter<string> _timeZone = new() { TypedValue = "" };
    private readonly NpgsqlParameter _defaultLimit = PostgresParameters.OrNull(null);
    private readonly NpgsqlParameter<Guid> _id = new();
    private readonly NpgsqlParameter<string> _counter = new() { TypedValue = "" };
    private readonly NpgsqlParameter<int> _amount = new() { TypedValue = 1 };
    private readonly NpgsqlParameter<bool> _isEnforced = new();
    private UsageTerms? _terms;

    public SingleChargeParameters(NpgsqlParameterCollection parameters, NpgsqlParameter user)
    {
        foreach (NpgsqlParameter parameter in (ReadOnlySpan<NpgsqlParameter>)[_timeZone, _defaultLimit, _id, user, _counter, _amount, _isEnforced])
            parameters.Add(parameter);
    }

    public void Set(UsageTerms terms)
    {
        if (ReferenceEquals(terms, _terms))
            return;
        _timeZone.TypedValue = terms.TimeZone;
        _defaultLimit.Value = terms.DefaultLimit is { } limit ? limit : DBNull.Value;
        _isEnforced.TypedValue = terms.EnforceLimit;
        _terms = terms;
    }

    public void Set(in Charge charge)
    {
        _id.TypedValue = charge.TransactionId;
        _counter.TypedValue = charge.Counter;
        _amount.TypedValue = charge.Amount;
    }
}
