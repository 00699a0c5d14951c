using Npgsql;
using NpgsqlTypes;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>
/// Repairs in one transaction. What is damaged is looked for before, without locks; then the counters of those users are locked, everything is read again, and
/// what is written is what was read under the locks. A charge waits for the lock, and sees the repaired counter after it.
/// </summary>
internal sealed class LedgerRepair(NpgsqlConnection connection, PostgresTables tables, UsageTerms terms, AuditScope scope)
{
    /// <summary>Repairs what is the matter with the users of the scope, who must be named.</summary>
    /// <returns>What was changed.</returns>
    public async Task<LedgerFacts> RunAsync(CancellationToken cancellationToken)
    {
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            var audit = new LedgerAudit(connection, tables, terms, scope);
            await audit.PrepareAsync(cancellationToken).ConfigureAwait(false);
            HashSet<(string User, string Counter)> locked = await LockAsync(cancellationToken).ConfigureAwait(false);
            (DateTime time, DateOnly day) = await audit.ReadClockAsync(cancellationToken).ConfigureAwait(false);
            LedgerFacts facts = await audit.ReadAsync(day, cancellationToken).ConfigureAwait(false);

            // A counter that came after the locks were taken belongs to whoever is just counting on it.
            facts.Counters.RemoveAll(c => !locked.Contains((c.UserId, c.Counter)));
            foreach (CounterStatements statements in scope.TablesOf(tables))
                await WriteAsync(statements, facts, time, cancellationToken).ConfigureAwait(false);

            // Not cancelled: that would only make its outcome unknown.
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            return facts;
        }
    }

    // Tables and rows in the order of every other writer.
    private async Task<HashSet<(string User, string Counter)>> LockAsync(CancellationToken cancellationToken)
    {
        HashSet<(string, string)> locked = [];
        foreach (CounterStatements statements in scope.TablesOf(tables))
        {
            var sql = new AuditSql(statements);
            var table = new AuditTable(connection, statements, terms, scope, new LedgerFacts(default, scope.Kinds));
            try
            {
                await table.QueryAsync(sql.Lock, row => locked.Add((row.GetString(0), row.GetString(1))), cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                throw new UsageStoreException(
                    $"Another transaction holds a row of table {statements.Shape.Table} that is to be repaired; nothing was changed. Repair again when it has ended.", e);
            }
        }

        return locked;
    }

    private async Task WriteAsync(CounterStatements statements, LedgerFacts facts, DateTime time, CancellationToken cancellationToken)
    {
        bool IsHere(string counter) => statements.Counter is null || statements.Counter == counter;
        CounterShape shape = statements.Shape;
        GroupFacts[] rows = facts.CanDeleteCounters ? [.. facts.DuplicateCounters] : [];
        ChargeFacts[] twice = [.. facts.DuplicateCharges.Where(c => IsHere(c.Counter))];
        ChargeFacts[] early = [.. facts.EarlyCharges.Where(c => IsHere(c.Counter))];
        CounterFacts[] counters = [.. facts.Counters.Where(c => IsHere(c.Counter) && c.ToChanges(scope.Kinds, "").Any())];
        await ExecuteAsync(
            RepairSql.CollapseCounters(shape), rows.Sum(static r => r.Rows - 1), cancellationToken,
            Array(rows.Select(static r => r.UserId)), Array(rows.Select(static r => r.Counter)), Date(facts.Day)).ConfigureAwait(false);
        await ExecuteAsync(
            RepairSql.CollapseCharges(shape), twice.Sum(static c => c.Rows - 1), cancellationToken, Array(twice.Select(static c => c.Id))).ConfigureAwait(false);
        await ExecuteAsync(
            RepairSql.MoveCharges(shape), early.Length, cancellationToken, Array(early.Select(static c => c.Id)), Date(facts.Day)).ConfigureAwait(false);
        foreach (IGrouping<bool, CounterFacts> some in counters.GroupBy(static c => c.SetsDay))
        {
            await ExecuteAsync(
                RepairSql.SetCounters(statements, some.Key), some.Count(), cancellationToken,
                new NpgsqlParameter<string> { TypedValue = terms.TimeZone },
                Date(facts.Day),
                new NpgsqlParameter { Value = time, NpgsqlDbType = NpgsqlDbType.Timestamp },
                Array(some.Select(static c => c.UserId)),
                Array(some.Select(static c => c.Counter)),
                Array(some.Select(static c => c.Target))).ConfigureAwait(false);
        }

        await DeleteOrphansAsync(statements, facts, IsHere, cancellationToken).ConfigureAwait(false);
    }

    // There is no counter that could be locked for them: what was deleted is what the statement says.
    private async Task DeleteOrphansAsync(CounterStatements statements, LedgerFacts facts, Func<string, bool> isHere, CancellationToken cancellationToken)
    {
        GroupFacts[] orphans = [.. facts.Orphans.Where(o => isHere(o.Counter))];
        if (orphans.Length == 0)
            return;
        facts.Orphans.RemoveAll(o => isHere(o.Counter));
        using var command = new NpgsqlCommand(RepairSql.DeleteOrphans(statements), connection) { CommandTimeout = (int)scope.Timeout.TotalSeconds + 10 };
        command.Parameters.Add(Array(orphans.Select(static o => o.UserId)));
        command.Parameters.Add(Array(orphans.Select(static o => o.Counter)));
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            facts.Orphans.Add(new GroupFacts(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3)));
    }

    private async Task ExecuteAsync(string sql, long expected, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        if (expected == 0)
            return;
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = (int)scope.Timeout.TotalSeconds + 10 };
        command.Parameters.AddRange(parameters);
        int changed = await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);

        // More where an application's own table has a user twice; fewer means that a trigger or a rule of that table has its own mind.
        if (changed < expected)
            throw new UsageStoreException($"The repair would have changed {expected} rows and changed {changed}; it was rolled back. The statement: {sql}");
    }

    private static NpgsqlParameter<T[]> Array<T>(IEnumerable<T> values) => new() { TypedValue = [.. values] };

    private static NpgsqlParameter<DateOnly> Date(DateOnly day) => new() { TypedValue = day };
}
