using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>How a user id becomes a value of the column that identifies users. An id that cannot be one belongs to no user; it is not an error.</summary>
internal abstract class KeyKind
{
    // The btree index of smallint, integer and bigint columns alike takes bigint values.
    private static readonly KeyKind s_uuid = new Kind<Guid>("uuid", NpgsqlDbType.Uuid, static (string id, out Guid key) => Guid.TryParse(id, out key));
    private static readonly KeyKind s_whole = new Kind<long>("bigint", NpgsqlDbType.Bigint, static (string id, out long key)
        => long.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out key));
    private static readonly KeyKind s_numeric = new Kind<decimal>("numeric", NpgsqlDbType.Numeric, static (string id, out decimal key)
        => decimal.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out key));
    private static readonly KeyKind s_padded = new Kind<string>("bpchar", NpgsqlDbType.Text, TryTake);

    private delegate bool TryParse<T>(string id, out T key);

    public static KeyKind Text { get; } = new Kind<string>("text", NpgsqlDbType.Text, TryTake);

    /// <summary>The type of an element of a parameter, in SQL.</summary>
    public abstract string SqlType { get; }

    /// <summary>The kind for a column type, by its internal name; <see langword="null"/> when users cannot be identified by it.</summary>
    public static KeyKind? Of(string type) => type switch
    {
        "uuid" => s_uuid,
        "int2" or "int4" or "int8" => s_whole,
        "numeric" => s_numeric,
        "text" or "varchar" => Text,
        "bpchar" => s_padded,
        _ => null,
    };

    public abstract KeyBuffer CreateBuffer();

    /// <summary>A parameter for one key at a time, to be used again and again.</summary>
    public abstract KeyParameter CreateParameter();

    private static bool TryTake(string id, out string key)
    {
        key = id;
        return UserIds.CanBeStored(id);
    }

    private sealed class Kind<T>(string sqlType, NpgsqlDbType type, TryParse<T> tryParse) : KeyKind
    {
        public override string SqlType => sqlType;

        public override KeyBuffer CreateBuffer() => new Buffer(type, tryParse);

        public override KeyParameter CreateParameter() => new Single(new NpgsqlParameter<T> { NpgsqlDbType = type }, tryParse);

        private sealed class Single(NpgsqlParameter<T> parameter, TryParse<T> tryParse) : KeyParameter
        {
            public override NpgsqlParameter Parameter => parameter;

            public override bool TrySet(string userId)
            {
                if (!tryParse(userId, out T key))
                    return false;
                parameter.TypedValue = key;
                return true;
            }
        }

        private sealed class Buffer(NpgsqlDbType type, TryParse<T> tryParse) : KeyBuffer
        {
            private readonly List<T> _keys = [];

            public override bool TryAdd(string userId)
            {
                if (!tryParse(userId, out T key))
                    return false;
                _keys.Add(key);
                return true;
            }

            public override void CopyTo(KeyBuffer other) => ((Buffer)other)._keys.AddRange(_keys);

            public override NpgsqlParameter ToArrayParameter()
                => new NpgsqlParameter<T[]> { TypedValue = [.. _keys], NpgsqlDbType = NpgsqlDbType.Array | type };

            public override NpgsqlParameter ToFirstParameter()
                => new() { Value = _keys.Count > 0 ? _keys[0] : DBNull.Value, NpgsqlDbType = type };
        }
    }
}
