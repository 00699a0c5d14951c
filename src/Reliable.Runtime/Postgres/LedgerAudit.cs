using System.Globalization;
using Npgsql;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>Reads what an audit finds, in a transaction that is already open: its snapshot or its locks make what is read belong together.</summary>
internal sealed class LedgerAudit(NpgsqlConnection connection, PostgresTables tables, UsageTerms terms, AuditScope scope)
{
    /// <summary>Opens the transaction of an audit that changes nothing: one snapshot for all its statements, and no locks.</summary>
    public static async Task<NpgsqlTransaction> BeginSnapshotAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        NpgsqlTransaction transaction = await connection
            .BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);
        using var command = new NpgsqlCommand("SET TRANSACTION READ ONLY", connection);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        return transaction;
    }

    /// <summary>Prepares the session for statements that read whole tables, until the transaction ends; takes the snapshot of a snapshot transaction.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand(AuditSql.Session, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = ((long)scope.Timeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) });
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The time and the day, in the time zone of the terms.</summary>
    public async Task<(DateTime Time, DateOnly Day)> ReadClockAsync(CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand(AuditSql.Clock, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = terms.TimeZone });
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        return (reader.GetDateTime(0), reader.GetFieldValue<DateOnly>(1));
    }

    /// <summary>Reads all tables of the scope, until the most rows are reached.</summary>
    public async Task<LedgerFacts> ReadAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var facts = new LedgerFacts(day, scope.Kinds);
        foreach (CounterStatements statements in scope.TablesOf(tables))
            await ReadAsync(statements, facts, cancellationToken).ConfigureAwait(false);
        return facts;
    }

    private async Task ReadAsync(CounterStatements statements, LedgerFacts facts, CancellationToken cancellationToken)
    {
        var sql = new AuditSql(statements);
        var table = new AuditTable(connection, statements, terms, scope, facts);
        await table.ResolveUsersAsync(sql.Names, cancellationToken).ConfigureAwait(false);
        List<ChargeFacts> charges = [];
        List<GroupFacts> counters = [];
        if (scope.IsFirstReading)
        {
            await table.QueryAsync(sql.Totals, row => AddTotals(statements, facts, row), cancellationToken).ConfigureAwait(false);

            // Looked for in any case: what is there twice must not be counted twice below.
            charges = await table.ListAsync(sql.DuplicateCharges, ReadCharge, cancellationToken).ConfigureAwait(false);
            counters = await table.ListAsync(sql.DuplicateCounters, ReadGroup, cancellationToken).ConfigureAwait(false);
        }

        facts.HasDuplicates |= charges.Count > 0 || counters.Count > 0;
        if (Wants(UsageFindingKinds.Duplicate))
            AddDuplicates(statements, facts, charges, counters);
        facts.Counters.AddRange(await table.ListAsync(
            sql.Counters(charges.Count > 0, counters.Count > 0), ReadCounter, cancellationToken).ConfigureAwait(false));
        if (Wants(UsageFindingKinds.WrongDay))
            facts.EarlyCharges.AddRange(await table.ListAsync(sql.EarlyCharges, ReadCharge, cancellationToken).ConfigureAwait(false));
        if (Wants(UsageFindingKinds.Orphaned))
            facts.Orphans.AddRange(await table.ListAsync(sql.Orphans, ReadGroup, cancellationToken).ConfigureAwait(false));
    }

    private bool Wants(UsageFindingKinds kind) => scope.Kinds.HasFlag(kind);

    private void AddTotals(CounterStatements statements, LedgerFacts facts, NpgsqlDataReader row)
    {
        facts.CounterCount += row.GetInt64(0);
        facts.ChargeCount += row.GetInt64(1);
        if (statements.Counter is not { } counter || !Wants(UsageFindingKinds.CounterDiffers))
            return;
        if (statements.Shape.Day is null)
        {
            facts.Notes.Add(
                $"Counter '{counter}' is in a table without a column of days (MappedTable.LastReset), so it was not compared with the ledger.");
        }
        else if (!row.IsDBNull(2) && row.GetBoolean(2))
        {
            facts.Notes.Add(
                $"The ledger of counter '{counter}' begins today: what was counted today before Reliable is in the counter and not in the ledger.");
        }
    }

    private static void AddDuplicates(CounterStatements statements, LedgerFacts facts, List<ChargeFacts> charges, List<GroupFacts> counters)
    {
        facts.DuplicateCharges.AddRange(charges.Where(c => facts.DuplicateCharges.TrueForAll(known => known.Id != c.Id)));
        facts.DuplicateCounters.AddRange(counters);
        if (charges.Count > 0)
            facts.Notes.Add(KeyIsMissing(statements.Shape.Ledger, "tx"));
        if (counters.Count == 0)
            return;
        facts.CanDeleteCounters = statements.Counter is null;
        facts.Notes.Add(facts.CanDeleteCounters
            ? KeyIsMissing(statements.Shape.Table, "user_id, counter")
            : $"Table {statements.Shape.Table} is the application's own: no row that is there twice is deleted.");
    }

    private static string KeyIsMissing(string table, string columns)
        => $"Table {table} has lost its primary key. Once nothing is there twice, give it back: ALTER TABLE {table} ADD PRIMARY KEY ({columns});";

    private static ChargeFacts ReadCharge(NpgsqlDataReader row)
        => new(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4));

    private static GroupFacts ReadGroup(NpgsqlDataReader row) => new(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3));

    private static CounterFacts ReadCounter(NpgsqlDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.IsDBNull(2) ? null : row.GetString(2),
        row.IsDBNull(3) ? null : row.GetInt64(3),
        row.IsDBNull(4) ? null : row.GetString(4),
        row.GetBoolean(5),
        row.IsDBNull(6) ? null : row.GetInt64(6),
        row.IsDBNull(7) ? null : row.GetString(7),
        row.IsDBNull(8) ? null : row.GetInt32(8),
        row.GetInt64(9));
}
