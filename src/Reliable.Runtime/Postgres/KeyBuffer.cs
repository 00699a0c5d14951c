using Npgsql;

namespace Reliable.Postgres;

/// <summary>The user ids of a batch as values of the column that identifies users.</summary>
internal abstract class KeyBuffer
{
    /// <summary>Appends a user id; <see langword="false"/> when no user can have it.</summary>
    public abstract bool TryAdd(string userId);

    /// <summary>Appends all keys to a buffer of the same kind.</summary>
    public abstract void CopyTo(KeyBuffer other);

    /// <summary>All keys, as an array.</summary>
    public abstract NpgsqlParameter ToArrayParameter();

    /// <summary>The first key alone, or NULL when there is none.</summary>
    public abstract NpgsqlParameter ToFirstParameter();
}
