using Microsoft.Data.Sqlite;
using Reliable.Usage;

namespace Reliable.Sqlite;

/// <summary>Writes a repair, in a transaction that has the right to write since before the damage was read.</summary>
internal static class SqliteRepair
{
    public static void Write(SqliteConnection connection, LedgerFacts damage, UsageFindingKinds kinds)
    {
        string today = SqliteDays.ToText(damage.Day);
        Run(connection, SqliteLedgerSql.CollapseCounter, damage.DuplicateCounters, (statement, c) => statement.Execute(today, c.UserId, c.Counter));
        Run(connection, SqliteLedgerSql.CollapseCharge, damage.DuplicateCharges, static (statement, c) => statement.Execute(Key(c)));
        Run(connection, SqliteLedgerSql.MoveCharge, damage.EarlyCharges, (statement, c) => statement.Execute(today, Key(c)));
        Run(
            connection,
            SqliteLedgerSql.SetCounter,
            [.. damage.Counters.Where(c => c.ToChanges(kinds, today).Any())],
            (statement, c) => statement.Execute(c.UserId, c.Counter, c.Target, c.SetsDay ? today : null));
        Run(connection, SqliteLedgerSql.DeleteOrphan, damage.Orphans, static (statement, o) => statement.Execute(o.UserId, o.Counter));
    }

    private static byte[] Key(ChargeFacts charge) => charge.Id.ToByteArray(bigEndian: true);

    // Prepared only when there is something to do: the statements for what is there twice need a rowid, which a sound table does not have.
    private static void Run<T>(SqliteConnection connection, string sql, List<T> items, Func<SqliteStatement, T, int> run)
    {
        if (items.Count == 0)
            return;
        using var statement = new SqliteStatement(connection, sql);
        foreach (T item in items)
            run(statement, item);
    }
}
