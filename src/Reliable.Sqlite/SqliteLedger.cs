using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using Reliable.Usage;

namespace Reliable.Sqlite;

/// <summary>Audit, repair and purge. An audit has a connection of its own, on which it sees one moment of the file and holds up nobody.</summary>
internal sealed class SqliteLedger(SqliteFile file, SqliteWorker<SqliteWriter> writer, TimeProvider time)
{
    /// <summary>The most charges of one step of a purge: charges of users wait for it.</summary>
    private const int LongestStep = 2_000;

    public async ValueTask<UsageAuditReport> AuditAsync(UsageAuditOptions options, UsageTerms terms, CancellationToken cancellationToken)
    {
        LedgerFacts facts = await ReadAsync(
            connection => new SqliteAudit(connection, terms, options.Counter, options.Users, options.Kinds, options.MaxFindings + 1), terms, cancellationToken)
            .ConfigureAwait(false);
        return facts.ToReport(options.MaxFindings);
    }

    public async ValueTask<UsageRepairReport> RepairAsync(
        UsageRepairOptions options, bool preview, UsageTerms terms, CancellationToken cancellationToken)
    {
        LedgerFacts facts = await ReadAsync(
            connection => new SqliteAudit(connection, terms, options.Counter, options.Users, options.Kinds, options.MaxFindings + 1), terms, cancellationToken)
            .ConfigureAwait(false);
        bool isComplete = facts.TrimTo(options.MaxFindings);
        if (!preview && facts.Count > 0)
        {
            // Read again with the right to write: whatever was counted meanwhile is there now, and nothing is added before the repair has ended.
            IReadOnlyCollection<string> users = facts.Users;
            facts = await writer.RunAsync(
                session => InTransaction(session.Connection, "BEGIN IMMEDIATE", () =>
                {
                    var audit = new SqliteAudit(session.Connection, terms, options.Counter, users, options.Kinds, int.MaxValue);
                    LedgerFacts damage = audit.Read(Today(terms), cancellationToken);
                    SqliteRepair.Write(session.Connection, damage, options.Kinds);
                    return damage;
                }),
                cancellationToken).ConfigureAwait(false);
        }

        return new UsageRepairReport(facts.Day, preview, [.. facts.Changes()], isComplete, facts.Notes);
    }

    public async ValueTask<LedgerPurgeStep> PurgeAsync(TimeSpan age, Guid after, int maxCharges, UsageTerms terms, CancellationToken cancellationToken)
    {
        int most = Math.Min(maxCharges, LongestStep);
        byte[] from = after.ToByteArray(bigEndian: true);
        byte[] floor = new byte[16];
        BinaryPrimitives.WriteInt64BigEndian(floor, (time.GetUtcNow() - age).ToUnixTimeMilliseconds() << 16);
        string day = SqliteDays.ToText(Today(terms).AddDays(-(int)Math.Ceiling(age.TotalDays)));
        return await writer.RunAsync(
            session => InTransaction(session.Connection, "BEGIN IMMEDIATE", () => Purge(session.Connection, from, floor, most, day)),
            cancellationToken).ConfigureAwait(false);
    }

    private static LedgerPurgeStep Purge(SqliteConnection connection, byte[] from, byte[] floor, int most, string day)
    {
        byte[] end;
        long count;
        using (var statement = new SqliteStatement(connection, SqliteLedgerSql.PurgeEnd))
        {
            using SqliteDataReader reader = statement.Query(from, floor, most);
            reader.Read();
            count = reader.GetInt64(1);
            if (count == 0)
                return new LedgerPurgeStep(0, null);
            end = reader.GetFieldValue<byte[]>(0);
        }

        using var purge = new SqliteStatement(connection, SqliteLedgerSql.Purge);
        return new LedgerPurgeStep(purge.Execute(from, end, day), count < most ? null : new Guid(end, bigEndian: true));
    }

    private Task<LedgerFacts> ReadAsync(Func<SqliteConnection, SqliteAudit> create, UsageTerms terms, CancellationToken cancellationToken)
        => Task.Factory.StartNew(
            () =>
            {
                using SqliteConnection connection = file.Open();
                return InTransaction(connection, "BEGIN", () =>
                {
                    // The first read takes the snapshot, the clock comes after it: no day in it is ahead only because midnight has come in between.
                    using (var first = new SqliteStatement(connection, "SELECT 1 FROM reliable_usage LIMIT 1"))
                    {
                        using SqliteDataReader reader = first.Query();
                        reader.Read();
                    }

                    return create(connection).Read(Today(terms), cancellationToken);
                });
            },
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    private DateOnly Today(UsageTerms terms) => SqliteDays.DayOf(time.GetUtcNow(), terms.TimeZone);

    private static T InTransaction<T>(SqliteConnection connection, string begin, Func<T> work)
    {
        Execute(connection, begin);
        try
        {
            T result = work();
            Execute(connection, "COMMIT");
            return result;
        }
        catch
        {
            // SQLite has rolled back by itself after some errors.
            if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0)
                Execute(connection, "ROLLBACK");
            throw;
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
