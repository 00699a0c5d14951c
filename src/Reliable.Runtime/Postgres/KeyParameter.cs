using Npgsql;

namespace Reliable.Postgres;

/// <summary>The user id of one charge as a value of the column that identifies users; set anew for each charge.</summary>
internal abstract class KeyParameter
{
    public abstract NpgsqlParameter Parameter { get; }

    /// <summary>Sets the user; <see langword="false"/> when no user can have the id.</summary>
    public abstract bool TrySet(string userId);
}
