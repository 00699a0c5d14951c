namespace Reliable.Postgres;

/// <summary>Reliable's own tables.</summary>
public sealed class PostgresManagedHarness(PostgresDatabase database) : PostgresHarness(database)
{
    public override Task AddUserAsync(string userId, long? limit)
        => Database.ExecuteAsync("INSERT INTO reliable.usage (user_id, counter, \"limit\") VALUES ($1, 'requests', $2::bigint)", userId, limit);

    public override Task SetCounterAsync(string userId, long used, DateOnly day)
        => Database.ExecuteAsync("UPDATE reliable.usage SET used = $2, day = $3 WHERE user_id = $1 AND counter = 'requests'", userId, used, day);

    public override Task DeleteUserAsync(string userId) => Database.ExecuteAsync("DELETE FROM reliable.usage WHERE user_id = $1", userId);

    public override Task<IReadOnlyList<string>> AuditAsync(IReadOnlyCollection<string> users) => Database.ColumnAsync(
        """
        SELECT u.user_id FROM reliable.usage u
        LEFT JOIN reliable.charge c ON c.user_id = u.user_id AND c.counter = u.counter AND c.state = 1 AND c.day = (now() AT TIME ZONE 'utc')::date
        WHERE u.user_id = ANY($1) GROUP BY u.user_id, u.counter, u.used HAVING COALESCE(sum(c.amount), 0) <> u.used
        """, (object)users.ToArray());
}
