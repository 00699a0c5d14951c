using System.Globalization;

namespace Reliable.Postgres;

/// <summary>A table of an application's own.</summary>
public sealed class PostgresMappedHarness(PostgresDatabase database, MappedVariant variant) : PostgresHarness(database)
{
    public override bool CreatesUsers => false;

    public override bool ResetsDaily => variant.Reset is not null;

    public override bool HasOwnLimits => variant.Limit is not null;

    public override bool SetsLimits => false;

    public override bool TakesAnyText => variant.Key.Type == "text";

    public override string NewUserId() => variant.NewUserId();

    public override Task AddUserAsync(string userId, long? limit) => InsertAsync(
        userId, "0", limit?.ToString(CultureInfo.InvariantCulture), variant.Reset is null ? null : "2001-02-03 04:05:06Z");

    /// <summary>Inserts a row with values as text, which their types must take.</summary>
    public async Task InsertAsync(string userId, string? used, string? limit, string? reset)
    {
        List<(string Name, string Type, string? Value)> columns = [(variant.Key.Name, variant.Key.Type, userId), (variant.Used.Name, variant.Used.Type, used)];
        if (variant.Limit is { } limitColumn)
            columns.Add((limitColumn.Name, limitColumn.Type, limit));
        if (variant.Reset is { } resetColumn)
            columns.Add((resetColumn.Name, resetColumn.Type, reset));
        await Database.ExecuteAsync(
            $"INSERT INTO {variant.Table} ({string.Join(", ", columns.Select(static c => c.Name))}) "
                + $"VALUES ({string.Join(", ", columns.Select(static (c, i) => $"(${i + 1}::text)::{c.Type}"))})",
            [.. columns.Select(static c => (object?)c.Value ?? DBNull.Value)]);
    }

    public override async Task SetCounterAsync(string userId, long used, DateOnly day)
    {
        await Database.ExecuteAsync(
            $"UPDATE {variant.Table} SET {variant.Used.Name} = ($2::text)::{variant.Used.Type} WHERE {variant.Key.Name} = ($1::text)::{variant.Key.Type}",
            userId, used.ToString(CultureInfo.InvariantCulture));
        if (variant.Reset is { } reset)
        {
            await Database.ExecuteAsync(
                $"UPDATE {variant.Table} SET {reset.Name} = ($2::text)::{reset.Type} WHERE {variant.Key.Name} = ($1::text)::{variant.Key.Type}",
                userId, day.ToString("O", CultureInfo.InvariantCulture) + " 12:00:00Z");
        }
    }

    public override Task DeleteUserAsync(string userId)
        => Database.ExecuteAsync($"DELETE FROM {variant.Table} WHERE {variant.Key.Name} = ($1::text)::{variant.Key.Type}", userId);

    public override Task<IReadOnlyList<string>> AuditAsync(IReadOnlyCollection<string> users) => Database.ColumnAsync(
        $"""
        SELECT u.{variant.Key.Name}::text FROM {variant.Table} u
        LEFT JOIN reliable.charge c ON c.user_id = u.{variant.Key.Name}::text AND c.state = 1 AND c.day = (now() AT TIME ZONE 'utc')::date
        WHERE u.{variant.Key.Name}::text = ANY($1)
        GROUP BY u.{variant.Key.Name}, u.{variant.Used.Name} HAVING COALESCE(sum(c.amount), 0) <> u.{variant.Used.Name}::numeric
        """, (object)users.ToArray());

    protected override void Configure(PostgresOptions options) => variant.Map(options);
}
