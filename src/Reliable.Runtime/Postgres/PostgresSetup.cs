using Npgsql;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>What happens on start: own tables are created or checked, mapped tables are looked up, and every statement is tried on nothing.</summary>
internal sealed class PostgresSetup(NpgsqlConnection connection, PostgresOptions options, UsageTerms terms, bool mayCreate)
{
    // Any number, as long as every instance uses the same: creating tables "if not exists" twice at once fails.
    private const long CreationLock = 0x52_65_6C_69_61_62_6C_65;

    private IReadOnlyList<OwnTable> OwnTablesNeeded => options.Tables.Count == 0 ? [OwnTables.Usage, OwnTables.Charge] : [OwnTables.Charge];

    public async Task<PostgresTables> RunAsync(CancellationToken cancellationToken)
    {
        if (!await PostgresCatalog.KnowsTimeZoneAsync(connection, terms.TimeZone, cancellationToken).ConfigureAwait(false))
        {
            throw new UsageStoreException(
                $"Usage:ResetTimeZone is '{terms.TimeZone}', which the PostgreSQL server does not know. Use an IANA name such as 'Europe/Vienna'.");
        }

        (bool schemaExists, string role, string database) =
            await PostgresCatalog.ReadSessionAsync(connection, options.Schema, cancellationToken).ConfigureAwait(false);
        await PrepareOwnTablesAsync(schemaExists, role, database, cancellationToken).ConfigureAwait(false);
        PostgresTables tables = options.Tables.Count == 0
            ? new PostgresTables(new CounterStatements(null, KeyKind.Text, ManagedShape.Create(options.Schema)))
            : new PostgresTables(await MapAsync(role, database, cancellationToken).ConfigureAwait(false));
        await TryStatementsAsync(tables, cancellationToken).ConfigureAwait(false);
        return tables;
    }

    private async Task PrepareOwnTablesAsync(bool schemaExists, string role, string database, CancellationToken cancellationToken)
    {
        string script = options.Tables.Count == 0 ? PostgresScripts.Managed(options.Schema, role) : PostgresScripts.Mapped(options.Schema, role);
        List<OwnTable> missing = await FindMissingAsync(cancellationToken).ConfigureAwait(false);
        if (missing.Count > 0)
        {
            string what = $"In database '{database}' {(schemaExists ? "" : $"schema '{options.Schema}' is missing, with ")}"
                + $"table {string.Join(" and ", missing.Select(t => $"'{options.Schema}.{t.Name}'"))}{(schemaExists ? " is missing" : "")}";
            if (!options.CreateTables)
                throw OwnTableChecks.Missing($"{what}, and PostgresOptions.CreateTables is 'false'.", script, null);
            if (!mayCreate)
                throw OwnTableChecks.Missing($"{what}. Tables are created on start only.", script, null);
            try
            {
                await CreateAsync(schemaExists, missing, cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                throw OwnTableChecks.Missing($"{what}, and role '{role}' may not create it ({e.MessageText}).", script, e);
            }
        }

        foreach (OwnTable table in OwnTablesNeeded)
        {
            TableInfo? found = await PostgresCatalog.ReadTableAsync(connection, options.Schema, table.Name, cancellationToken).ConfigureAwait(false);
            OwnTableChecks.Check(table, found!, role, script);
        }
    }

    private async Task<List<OwnTable>> FindMissingAsync(CancellationToken cancellationToken)
    {
        List<OwnTable> missing = [];
        foreach (OwnTable table in OwnTablesNeeded)
        {
            if (await PostgresCatalog.ReadTableAsync(connection, options.Schema, table.Name, cancellationToken).ConfigureAwait(false) is null)
                missing.Add(table);
        }

        return missing;
    }

    // A schema that exists is not created again: even "if not exists" needs the right to create one.
    private async Task CreateAsync(bool schemaExists, List<OwnTable> missing, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_advisory_xact_lock($1)") { Parameters = { new() { Value = CreationLock } } });
        if (!schemaExists)
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"CREATE SCHEMA IF NOT EXISTS {Sql.Quote(options.Schema)}"));
        foreach (OwnTable table in missing)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(table.Create(options.Schema)));
        await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<CounterStatements>> MapAsync(string role, string database, CancellationToken cancellationToken)
    {
        List<CounterStatements> all = [];
        foreach (MappedTable mapped in options.Tables)
        {
            TableInfo? table = await PostgresCatalog.ReadTableAsync(connection, mapped.Schema, mapped.Name, cancellationToken).ConfigureAwait(false);
            if (table is null)
            {
                IReadOnlyList<string> similar = await PostgresCatalog.FindSimilarAsync(connection, mapped.Name, cancellationToken).ConfigureAwait(false);
                throw MappedTableChecks.Missing(mapped, database, similar);
            }

            MappedTableChecks.Check(mapped, table, role);
            all.Add(new CounterStatements(mapped.Counter, KeyKind.Of(table[mapped.UserId].Type)!, MappedShape.Create(options.Schema, mapped, table)));
        }

        return all;
    }

    // The catalogue does not say everything: generated columns, views of permissions by row, triggers. The server does, when it plans the statement.
    private async Task TryStatementsAsync(PostgresTables tables, CancellationToken cancellationToken)
    {
        var trial = ChargeBatch.CreateTrial(tables, terms);
        IEnumerable<NpgsqlBatchCommand>[] all = [trial.CreateSettleCommands(), trial.CreateHeldCommands(), trial.CreateRefundCommands(), NewCharges.CreateTrial(tables, terms)];
        foreach (IEnumerable<NpgsqlBatchCommand> commands in all)
        {
            try
            {
                using var batch = new NpgsqlBatch(connection);
                foreach (NpgsqlBatchCommand command in commands)
                    batch.BatchCommands.Add(command);
                await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresException e) when (PostgresFailures.Classify(e) == StoreFailure.Permanent)
            {
                throw new UsageStoreException(
                    $"The tables of counters are there, but PostgreSQL refuses the statements for them: {e.MessageText} ({e.SqlState}).", e);
            }
        }
    }
}
