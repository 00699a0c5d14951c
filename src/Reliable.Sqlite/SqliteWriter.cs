using Microsoft.Data.Sqlite;
using Reliable.Usage;

namespace Reliable.Sqlite;

/// <summary>
/// The session that changes counters: one transaction for each batch, with the right to write taken at its start, so that whatever it reads stays true
/// until it commits.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private const int Refunded = 2;

    private readonly TimeProvider _time;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    public SqliteWriter(SqliteConnection connection, TimeProvider time)
    {
        Connection = connection;
        _time = time;
    }

    public SqliteConnection Connection { get; }

    public ChargeResult[] Settle(ReadOnlySpan<Charge> charges, UsageTerms terms)
    {
        Statement("BEGIN IMMEDIATE").Execute();
        try
        {
            DateOnly today = SqliteDays.DayOf(_time.GetUtcNow(), terms.TimeZone);
            Dictionary<(string User, string Counter), SqliteTally> tallies = [];
            var outcomes = new ChargeOutcome[charges.Length];
            for (int i = 0; i < charges.Length; i++)
                outcomes[i] = Count(charges[i], tallies, terms, today);
            foreach (((string user, string counter), SqliteTally tally) in tallies)
                Save(user, counter, tally);
            Statement("COMMIT").Execute();
            return CreateResults(charges, outcomes, tallies, terms);
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    public RefundResult Refund(Charge charge, string timeZone)
    {
        Statement("BEGIN IMMEDIATE").Execute();
        try
        {
            string today = SqliteDays.ToText(SqliteDays.DayOf(_time.GetUtcNow(), timeZone));
            RefundResult result = Refund(charge, FindLedgerRow(charge.TransactionId), today);
            Statement("COMMIT").Execute();
            return result;
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    public void SetLimit(string userId, string counter, long? limit) => Statement("""
        INSERT INTO reliable_usage (user_id, counter, "limit") VALUES ($1, $2, $3) ON CONFLICT (user_id, counter) DO UPDATE SET "limit" = excluded."limit"
        """).Execute(userId, counter, limit);

    public void Dispose()
    {
        foreach (SqliteStatement statement in _statements.Values)
            statement.Dispose();
        Connection.Dispose();
    }

    private static ChargeResult[] CreateResults(
        ReadOnlySpan<Charge> charges, ChargeOutcome[] outcomes, Dictionary<(string User, string Counter), SqliteTally> tallies, UsageTerms terms)
    {
        var results = new ChargeResult[charges.Length];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = tallies.TryGetValue((charges[i].UserId, charges[i].Counter), out SqliteTally? tally)
                ? new ChargeResult(outcomes[i], tally.UsedToday, tally.Limit)
                : new ChargeResult(outcomes[i], 0, terms.DefaultLimit);
        }

        return results;
    }

    private ChargeOutcome Count(in Charge charge, Dictionary<(string User, string Counter), SqliteTally> tallies, UsageTerms terms, DateOnly today)
    {
        if (!UserIds.CanBeStored(charge.UserId))
            return ChargeOutcome.UnknownUser;
        if (!tallies.TryGetValue((charge.UserId, charge.Counter), out SqliteTally? tally))
        {
            tally = new SqliteTally(SqliteCounter.Load(Statement(SqliteStatement.SelectCounter), charge.UserId, charge.Counter), terms, today);
            tallies.Add((charge.UserId, charge.Counter), tally);
        }

        if (FindLedgerRow(charge.TransactionId) is { } known)
            return known.State == Refunded ? ChargeOutcome.Refunded : ChargeOutcome.AlreadyCounted;
        if (terms.EnforceLimit && !tally.HasRoomFor(charge.Amount))
            return ChargeOutcome.LimitReached;
        Statement("INSERT INTO reliable_charge (tx, user_id, counter, amount, day) VALUES ($1, $2, $3, $4, $5)")
            .Execute(ToKey(charge.TransactionId), charge.UserId, charge.Counter, charge.Amount, SqliteDays.ToText(tally.Day));
        tally.Add(charge.Amount);
        return ChargeOutcome.Counted;
    }

    private void Save(string user, string counter, SqliteTally tally)
    {
        if (tally.Added == 0)
            return;
        Statement("""
            INSERT INTO reliable_usage (user_id, counter, used, day) VALUES ($1, $2, $3, $4)
            ON CONFLICT (user_id, counter) DO UPDATE SET used = excluded.used, day = excluded.day
            """).Execute(user, counter, tally.Total, SqliteDays.ToText(tally.Day));
    }

    private RefundResult Refund(in Charge charge, SqliteLedgerRow? known, string today)
    {
        if (known is not { } row)
        {
            Statement("INSERT INTO reliable_charge (tx, user_id, counter, amount, day, state) VALUES ($1, $2, $3, $4, $5, 2)")
                .Execute(ToKey(charge.TransactionId), charge.UserId, charge.Counter, charge.Amount, today);
            return RefundResult.Blocked;
        }

        // An id that belongs to somebody else's charge changes nothing.
        if (row.State == Refunded || row.UserId != charge.UserId || row.Counter != charge.Counter)
            return RefundResult.AlreadyRefunded;
        Statement("UPDATE reliable_charge SET state = 2 WHERE tx = $1").Execute(ToKey(charge.TransactionId));
        Statement("UPDATE reliable_usage SET used = max(used - $1, 0) WHERE user_id = $2 AND counter = $3 AND day = $4")
            .Execute(row.Amount, charge.UserId, charge.Counter, row.Day);
        return RefundResult.Refunded;
    }

    private SqliteLedgerRow? FindLedgerRow(Guid id)
    {
        using SqliteDataReader reader = Statement("SELECT user_id, counter, amount, day, state FROM reliable_charge WHERE tx = $1").Query(ToKey(id));
        return reader.Read()
            ? new SqliteLedgerRow(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3), reader.GetInt32(4))
            : null;
    }

    // SQLite has rolled back by itself after some errors; then there is nothing left to roll back.
    private void RollBack()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(Connection.Handle) == 0)
            Statement("ROLLBACK").Execute();
    }

    private SqliteStatement Statement(string text)
    {
        if (!_statements.TryGetValue(text, out SqliteStatement? statement))
            _statements.Add(text, statement = new SqliteStatement(Connection, text));
        return statement;
    }

    private static byte[] ToKey(Guid id) => id.ToByteArray(bigEndian: true);
}
