using Microsoft.Data.Sqlite;

namespace Reliable.Sqlite;

/// <summary>A user's counter as the file has it.</summary>
/// <param name="Used">How much was counted on its day.</param>
/// <param name="Limit">The user's own limit, or <see langword="null"/>.</param>
/// <param name="Day">Its day; long ago when nothing was counted yet.</param>
internal readonly record struct SqliteCounter(long Used, long? Limit, DateOnly Day)
{
    public static SqliteCounter Load(SqliteStatement select, string userId, string counter)
    {
        using SqliteDataReader reader = select.Query(userId, counter);
        return reader.Read()
            ? new SqliteCounter(reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetInt64(1), SqliteDays.FromColumn(reader.GetValue(2)))
            : new SqliteCounter(0, null, DateOnly.MinValue);
    }
}
