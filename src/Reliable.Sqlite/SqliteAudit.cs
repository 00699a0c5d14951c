using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Reliable.Usage;

namespace Reliable.Sqlite;

/// <summary>Reads what an audit finds, in a transaction that is already open.</summary>
internal sealed class SqliteAudit(
    SqliteConnection connection, UsageTerms terms, string? counter, IReadOnlyCollection<string>? users, UsageFindingKinds kinds, int maxRows)
{
    private readonly string? _users = users is null ? null : ToJson(users);

    public LedgerFacts Read(DateOnly day, CancellationToken cancellationToken)
    {
        var facts = new LedgerFacts(day, kinds);
        Query(facts, SqliteLedgerSql.Totals, row => (facts.CounterCount, facts.ChargeCount) = (row.GetInt64(0), row.GetInt64(1)), cancellationToken);

        // Looked for in any case: what is there twice must not be counted twice below.
        List<ChargeFacts> charges = List(facts, SqliteLedgerSql.DuplicateCharges, ReadCharge, cancellationToken);
        List<GroupFacts> counters = List(facts, SqliteLedgerSql.DuplicateCounters, ReadGroup, cancellationToken);
        if (kinds.HasFlag(UsageFindingKinds.Duplicate))
        {
            facts.DuplicateCharges.AddRange(charges);
            facts.DuplicateCounters.AddRange(counters);
            AddNote(facts, charges.Count, "reliable_charge");
            AddNote(facts, counters.Count, "reliable_usage");
        }

        facts.Counters.AddRange(List(facts, SqliteLedgerSql.Counters(charges.Count > 0, counters.Count > 0), ReadCounter, cancellationToken));
        if (kinds.HasFlag(UsageFindingKinds.WrongDay))
            facts.EarlyCharges.AddRange(List(facts, SqliteLedgerSql.EarlyCharges, ReadCharge, cancellationToken));
        if (kinds.HasFlag(UsageFindingKinds.Orphaned))
            facts.Orphans.AddRange(List(facts, SqliteLedgerSql.Orphans, ReadGroup, cancellationToken));
        return facts;
    }

    private static void AddNote(LedgerFacts facts, int duplicates, string table)
    {
        if (duplicates > 0)
            facts.Notes.Add($"Table {table} has lost its primary key. Once nothing is there twice, copy it into a new one that has it.");
    }

    private List<T> List<T>(LedgerFacts facts, string sql, Func<SqliteDataReader, T> read, CancellationToken cancellationToken)
    {
        List<T> list = [];
        Query(facts, sql, row => list.Add(read(row)), cancellationToken);
        return list;
    }

    private void Query(LedgerFacts facts, string sql, Action<SqliteDataReader> add, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var statement = new SqliteStatement(connection, sql);
        object?[] values = [SqliteDays.ToText(facts.Day), terms.DefaultLimit, counter, _users, Math.Max(0, maxRows - facts.Count), (int)kinds];
        using SqliteDataReader reader = statement.Query(values.AsSpan(0, statement.ParameterCount));
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            add(reader);
        }
    }

    private static string ToJson(IEnumerable<string> users)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (string user in users.Where(UserIds.CanBeStored))
                json.WriteStringValue(user);
            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static ChargeFacts ReadCharge(SqliteDataReader row)
        => new(new Guid(row.GetFieldValue<byte[]>(0), bigEndian: true), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4));

    private static GroupFacts ReadGroup(SqliteDataReader row) => new(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3));

    private static CounterFacts ReadCounter(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        row.IsDBNull(3) ? null : row.GetInt64(3),
        row.IsDBNull(4) ? null : row.GetString(4),
        !row.IsDBNull(5) && row.GetBoolean(5),
        row.IsDBNull(6) ? null : row.GetInt64(6),
        row.IsDBNull(7) ? null : row.GetString(7),
        row.GetInt32(8),
        row.GetInt64(9));
}
