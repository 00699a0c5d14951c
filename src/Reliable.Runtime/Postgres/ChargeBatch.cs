using Npgsql;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>Charges on their way to the database: locks first, in one order for every writer, then what changes counters and ledger.</summary>
internal sealed class ChargeBatch
{
    private readonly List<ChargeGroup> _groups;
    private readonly List<NpgsqlBatchCommand> _locks;
    private readonly UsageTerms _terms;
    private readonly int _count;

    private ChargeBatch(List<ChargeGroup> groups, UsageTerms terms, int count)
    {
        _groups = groups;
        _locks = [.. groups.GroupBy(static g => g.Statements.LockTarget).Select(static table => ChargeGroup.CreateLock([.. table]))];
        _terms = terms;
        _count = count;
    }

    /// <summary>Whether nothing is left to send, since no user id can belong to anybody.</summary>
    public bool IsEmpty => _groups.Count == 0;

    /// <exception cref="UsageStoreException">A counter is not mapped.</exception>
    public static ChargeBatch Create(PostgresTables tables, ReadOnlySpan<Charge> charges, UsageTerms terms)
    {
        ChargeGroup[] groups = [.. tables.All.Select(static statements => new ChargeGroup(statements))];
        for (int i = 0; i < charges.Length; i++)
            groups[tables.IndexOf(charges[i].Counter)].Add(charges[i], i);
        return new ChargeBatch([.. groups.Where(static g => g.Positions.Count > 0)], terms, charges.Length);
    }

    /// <summary>All tables with no charges: running it changes nothing, and shows whatever the database has against the statements.</summary>
    public static ChargeBatch CreateTrial(PostgresTables tables, UsageTerms terms)
        => new([.. tables.All.Select(static statements => new ChargeGroup(statements))], terms, 0);

    public IEnumerable<NpgsqlBatchCommand> CreateSettleCommands() => [.. _locks, .. _groups.Select(g => g.CreateApply(_terms))];

    /// <summary>Asks for the charges whose row somebody else holds, and locks nothing for longer than that.</summary>
    public IEnumerable<NpgsqlBatchCommand> CreateHeldCommands() => _groups.Select(g => g.CreateHeld(_terms));

    public IEnumerable<NpgsqlBatchCommand> CreateRefundCommands() => [.. _locks, .. _groups.Select(g => g.CreateRefund(_terms))];

    /// <summary>The results when nothing came back: whoever gets no row from the database does not exist there.</summary>
    public ChargeResult[] CreateResults()
    {
        var results = new ChargeResult[_count];
        Array.Fill(results, new ChargeResult(ChargeOutcome.UnknownUser, 0, _terms.DefaultLimit));
        return results;
    }

    /// <summary>Reads what <see cref="CreateSettleCommands"/> returned.</summary>
    public async Task<ChargeResult[]> ReadResultsAsync(NpgsqlDataReader reader)
    {
        ChargeResult[] results = CreateResults();
        await SkipLocksAsync(reader).ConfigureAwait(false);
        foreach (ChargeGroup group in _groups)
        {
            while (await reader.ReadAsync().ConfigureAwait(false))
            {
                results[group.Positions[reader.GetInt32(0) - 1]] = new ChargeResult(
                    (ChargeOutcome)reader.GetInt32(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetInt64(3));
            }

            await reader.NextResultAsync().ConfigureAwait(false);
        }

        return results;
    }

    /// <summary>Reads what <see cref="CreateHeldCommands"/> returned.</summary>
    /// <returns>For each charge, whether its row is held.</returns>
    public async Task<bool[]> ReadHeldAsync(NpgsqlDataReader reader)
    {
        bool[] isHeld = new bool[_count];
        foreach (ChargeGroup group in _groups)
        {
            while (await reader.ReadAsync().ConfigureAwait(false))
                isHeld[group.Positions[reader.GetInt32(0) - 1]] = true;
            await reader.NextResultAsync().ConfigureAwait(false);
        }

        return isHeld;
    }

    /// <summary>Reads what <see cref="CreateRefundCommands"/> returned.</summary>
    public async Task<RefundResult> ReadRefundAsync(NpgsqlDataReader reader)
    {
        await SkipLocksAsync(reader).ConfigureAwait(false);
        RefundResult result = await reader.ReadAsync().ConfigureAwait(false) ? (RefundResult)reader.GetInt32(0) : RefundResult.UnknownUser;

        // To the end: an error in a later message would otherwise stay unread.
        while (await reader.NextResultAsync().ConfigureAwait(false))
        {
        }

        return result;
    }

    private async Task SkipLocksAsync(NpgsqlDataReader reader)
    {
        for (int i = 0; i < _locks.Count; i++)
            await reader.NextResultAsync().ConfigureAwait(false);
    }
}
