using Npgsql;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>Audit, repair and purge, on connections for reads: none of it takes a connection from charges.</summary>
internal sealed class PostgresLedger(PostgresConnections connections, PostgresOptions options)
{
    public async ValueTask<StoreClock> ReadClockAsync(UsageTerms terms, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await connections.OpenForReadsAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            using var command = new NpgsqlCommand("SELECT c.ts, (c.ts AT TIME ZONE $1::text)::date FROM (SELECT clock_timestamp() AS ts) c", connection);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = terms.TimeZone });
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using var closing = reader.ConfigureAwait(false);
            await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            return new StoreClock(reader.GetFieldValue<DateTimeOffset>(0), reader.GetFieldValue<DateOnly>(1));
        }
    }

    public async ValueTask<UsageAuditReport> AuditAsync(
        PostgresTables tables, UsageAuditOptions wanted, UsageTerms terms, CancellationToken cancellationToken)
        => (await ReadAsync(tables, new AuditScope(wanted), terms, cancellationToken).ConfigureAwait(false)).ToReport(wanted.MaxFindings);

    public async ValueTask<UsageRepairReport> RepairAsync(
        PostgresTables tables, UsageRepairOptions wanted, bool preview, UsageTerms terms, CancellationToken cancellationToken)
    {
        var scope = new AuditScope(wanted);
        LedgerFacts facts = await ReadAsync(tables, scope, terms, cancellationToken).ConfigureAwait(false);
        bool isComplete = facts.TrimTo(wanted.MaxFindings);
        if (!preview && facts.Count > 0)
        {
            // Under the locks the ledger is read as seldom as possible.
            IReadOnlyList<string> notes = facts.Notes;
            scope = scope with { Users = facts.Users, MaxRows = int.MaxValue, IsFirstReading = facts.HasDuplicates };
            NpgsqlConnection connection = await connections.OpenForReadsAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
                facts = await new LedgerRepair(connection, tables, terms, scope).RunAsync(cancellationToken).ConfigureAwait(false);
            facts.Notes.Clear();
            facts.Notes.AddRange(notes);
        }

        return new UsageRepairReport(facts.Day, preview, [.. facts.Changes()], isComplete, facts.Notes);
    }

    public async ValueTask<LedgerPurgeStep> PurgeAsync(TimeSpan age, Guid after, int maxCharges, UsageTerms terms, CancellationToken cancellationToken)
    {
        string ledger = Sql.Quote(options.Schema, OwnTables.Charge.Name);
        NpgsqlConnection connection = await connections.OpenForReadsAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                using var command = new NpgsqlCommand(RepairSql.Purge(ledger), connection);
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = terms.TimeZone });
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (long)age.TotalMilliseconds });
                command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = (int)Math.Ceiling(age.TotalDays) });
                command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = after });
                command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = maxCharges });
                NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                await using var closing = reader.ConfigureAwait(false);
                await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                return new LedgerPurgeStep(reader.GetInt32(0), reader.GetInt32(1) < maxCharges ? null : reader.GetGuid(2));
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                throw OwnTableChecks.Missing(
                    $"Old charges are not deleted: role '{connection.UserName}' lacks DELETE on table '{options.Schema}.{OwnTables.Charge.Name}'.",
                    $"GRANT DELETE ON {ledger} TO {Sql.Quote(connection.UserName ?? "")};\n",
                    e);
            }
        }
    }

    private async Task<LedgerFacts> ReadAsync(PostgresTables tables, AuditScope scope, UsageTerms terms, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await connections.OpenForReadsAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            NpgsqlTransaction transaction = await LedgerAudit.BeginSnapshotAsync(connection, cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                var audit = new LedgerAudit(connection, tables, terms, scope);
                await audit.PrepareAsync(cancellationToken).ConfigureAwait(false);
                (_, DateOnly day) = await audit.ReadClockAsync(cancellationToken).ConfigureAwait(false);
                LedgerFacts facts = await audit.ReadAsync(day, cancellationToken).ConfigureAwait(false);
                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
                return facts;
            }
        }
    }
}
