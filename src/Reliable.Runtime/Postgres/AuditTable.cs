using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>Runs the statements of <see cref="AuditSql"/> for one table, with the parameters they share.</summary>
internal sealed class AuditTable(NpgsqlConnection connection, CounterStatements statements, UsageTerms terms, AuditScope scope, LedgerFacts facts)
{
    private const NumberStyles KeyDigits = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    private readonly string[]? _keys = scope.Users is null ? null : KeysOf(statements.Key, scope.Users);
    private string[]? _names = scope.Users is null ? null : [.. scope.Users];

    /// <summary>Asks how the ledger names the users: a key may be written in several ways, and is always named in one.</summary>
    public async Task ResolveUsersAsync(string sql, CancellationToken cancellationToken)
    {
        if (_names is null)
            return;
        List<string> names = await ListAsync(sql, static row => row.GetString(0), cancellationToken).ConfigureAwait(false);
        _names = [.. _names.Union(names, StringComparer.Ordinal)];
    }

    public async Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        List<T> list = [];
        await QueryAsync(sql, row => list.Add(read(row)), cancellationToken).ConfigureAwait(false);
        return list;
    }

    public async Task QueryAsync(string sql, Action<NpgsqlDataReader> add, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = Create(sql);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            add(reader);
    }

    // What cannot be a key belongs to nobody. The ledger names a numeric key with all of its digits, which no user id has, but a finding does.
    private static string[] KeysOf(KeyKind kind, IEnumerable<string> users)
    {
        KeyBuffer buffer = kind.CreateBuffer();
        return kind.SqlType switch
        {
            "uuid" => [.. users.Where(buffer.TryAdd).Select(static user => Guid.Parse(user).ToString())],
            "numeric" => [.. users.Where(static user => decimal.TryParse(user, KeyDigits, CultureInfo.InvariantCulture, out _))],
            _ => [.. users.Where(buffer.TryAdd)],
        };
    }

    private NpgsqlCommand Create(string sql)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = (int)scope.Timeout.TotalSeconds + 10 };
        PostgresParameters.AddTerms(command.Parameters, terms);
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = facts.Day });
        command.Parameters.Add(OrNull(statements.Counter ?? scope.Counter, NpgsqlDbType.Text));
        command.Parameters.Add(OrNull(_keys, NpgsqlDbType.Array | NpgsqlDbType.Text));
        command.Parameters.Add(OrNull(_names, NpgsqlDbType.Array | NpgsqlDbType.Text));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Math.Max(0, scope.MaxRows - facts.Count) });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = (int)scope.Kinds });
        return command;
    }

    private static NpgsqlParameter OrNull(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
