using Npgsql;
using NpgsqlTypes;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>The parameters all statements begin with.</summary>
internal static class PostgresParameters
{
    /// <summary>$1 the time zone, $2 the default limit.</summary>
    public static void AddTerms(NpgsqlParameterCollection parameters, UsageTerms terms)
    {
        parameters.Add(new NpgsqlParameter<string> { TypedValue = terms.TimeZone });
        parameters.Add(OrNull(terms.DefaultLimit));
    }

    public static NpgsqlParameter OrNull(long? value)
        => new() { Value = value is { } number ? number : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };
}
