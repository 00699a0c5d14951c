using System.Globalization;
using Microsoft.Data.Sqlite;
using Reliable.Stores;
using Reliable.Usage;

namespace Reliable.Sqlite;

/// <summary>A SQLite file in a temporary directory, looked at from outside through a connection of its own.</summary>
public sealed class SqliteHarness : UsageStoreHarness
{
    private readonly string _directory = Directory.CreateTempSubdirectory("reliable-sqlite-").FullName;
    private readonly List<IUsageStore> _stores = [];

    public string FilePath => Path.Combine(_directory, "usage.db");

    public override Task<IUsageStore> OpenAsync(UsageTerms? terms = null) => OpenAsync(TimeProvider.System, terms);

    public async Task<IUsageStore> OpenAsync(TimeProvider time, UsageTerms? terms = null)
    {
        var store = new SqliteUsageStore(FilePath, time);
        lock (_stores)
            _stores.Add(store);
        await store.InitializeAsync(terms ?? UsageTerms.Default, TestContext.Current.CancellationToken);
        return store;
    }

    public override Task AddUserAsync(string userId, long? limit)
    {
        Execute("INSERT INTO reliable_usage (user_id, counter, \"limit\") VALUES ($1, 'requests', $2)", userId, limit);
        return Task.CompletedTask;
    }

    public override Task SetCounterAsync(string userId, long used, DateOnly day)
    {
        Execute(
            "UPDATE reliable_usage SET used = $2, day = $3 WHERE user_id = $1 AND counter = 'requests'", userId, used, Text(day));
        return Task.CompletedTask;
    }

    public override Task AddChargeAsync(Charge charge, DateOnly day)
    {
        Execute(
            "INSERT INTO reliable_charge (tx, user_id, counter, amount, day) VALUES ($1, $2, $3, $4, $5)",
            charge.TransactionId.ToByteArray(bigEndian: true), charge.UserId, charge.Counter, charge.Amount, Text(day));
        return Task.CompletedTask;
    }

    public override Task DeleteUserAsync(string userId)
    {
        Execute("DELETE FROM reliable_usage WHERE user_id = $1", userId);
        return Task.CompletedTask;
    }

    public override Task<IReadOnlyList<string>> AuditAsync(IReadOnlyCollection<string> users)
    {
        List<object> findings = Execute("""
            SELECT u.user_id FROM reliable_usage u
            LEFT JOIN reliable_charge c ON c.user_id = u.user_id AND c.counter = u.counter AND c.state = 1 AND c.day = date('now')
            GROUP BY u.user_id, u.counter HAVING coalesce(sum(c.amount), 0) <> u.used
            """);
        return Task.FromResult<IReadOnlyList<string>>([.. findings.Cast<string>().Where(users.Contains)]);
    }

    public override Task<long> SumLedgerAsync(string userId, DateOnly day) => Task.FromResult((long)Execute(
        "SELECT coalesce(sum(amount), 0) FROM reliable_charge WHERE user_id = $1 AND day = $2 AND state = 1", userId, Text(day))[0]);

    /// <summary>Runs a statement on a connection of its own and returns the first column.</summary>
    public List<object> Execute(string sql, params object?[] parameters)
    {
        using var connection = new SqliteConnection($"Data Source={FilePath};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < parameters.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", parameters[i] ?? DBNull.Value);
        using SqliteDataReader reader = command.ExecuteReader();
        List<object> values = [];
        while (reader.Read())
            values.Add(reader.GetValue(0));
        return values;
    }

    private static string Text(DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);

    public override async ValueTask DisposeAsync()
    {
        foreach (IUsageStore store in _stores)
            await store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
