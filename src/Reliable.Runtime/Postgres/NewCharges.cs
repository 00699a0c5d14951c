using Npgsql;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>
/// A batch of charges that were never sent before, counted in one statement without looking first: the ledger's key refuses what it knows, and undoes the
/// whole statement; a counter whose charges do not all fit under its limit is left alone. Both are rare, and left to <see cref="ChargeBatch"/>.
/// </summary>
internal sealed class NewCharges
{
    private readonly List<NewChargeGroup> _groups;
    private readonly UsageTerms _terms;
    private readonly bool[] _isDecided;
    private readonly ChargeResult[] _results;

    private NewCharges(List<NewChargeGroup> groups, UsageTerms terms, int count)
    {
        _groups = groups;
        _terms = terms;
        _isDecided = new bool[count];
        _results = new ChargeResult[count];
    }

    /// <summary>Whether nothing is left to send, since no user id can belong to anybody.</summary>
    public bool IsEmpty => _groups.Count == 0;

    /// <summary>Whether charges of these terms may be counted without looking first.</summary>
    public static bool MayCount(PostgresTables tables, UsageTerms terms) => !terms.MayBeKnown && terms.Day is null && tables.HaveLocksOfTheirOwn;

    /// <summary>Prepares a batch; <see langword="null"/> when it must be looked at before it is counted.</summary>
    /// <exception cref="UsageStoreException">A counter is not mapped.</exception>
    public static NewCharges? TryCreate(PostgresTables tables, ReadOnlySpan<Charge> charges, UsageTerms terms)
    {
        if (!MayCount(tables, terms))
            return null;
        NewChargeGroup[] groups = [.. tables.All.Select(static statements => new NewChargeGroup(statements))];
        var batch = new NewCharges([], terms, charges.Length);
        for (int i = 0; i < charges.Length; i++)
        {
            if (!groups[tables.IndexOf(charges[i].Counter)].TryAdd(charges[i], i))
            {
                batch._results[i] = new ChargeResult(ChargeOutcome.UnknownUser, 0, terms.DefaultLimit);
                batch._isDecided[i] = true;
            }
        }

        batch._groups.AddRange(groups.Where(static g => !g.IsEmpty));
        return batch;
    }

    /// <summary>All tables with no charges, and with one of nobody: running it changes nothing, and shows whatever the database has against the statements.</summary>
    public static IEnumerable<NpgsqlBatchCommand> CreateTrial(PostgresTables tables, UsageTerms terms)
        => tables.All.Select(static statements => new NewChargeGroup(statements)).SelectMany(g => g.CreateTrial(terms));

    public IEnumerable<NpgsqlBatchCommand> CreateCommands() => _groups.Select(g => g.CreateCommand(_terms));

    /// <summary>Reads what <see cref="CreateCommands"/> returned.</summary>
    public async Task<bool> ReadAsync(NpgsqlDataReader reader)
    {
        foreach (NewChargeGroup group in _groups)
        {
            await group.ReadAsync(reader, _results, _isDecided).ConfigureAwait(false);
            await reader.NextResultAsync().ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>The results, and the positions of the charges that have none yet.</summary>
    public (ChargeResult[] Results, int[] Undecided) Finish()
        => (_results, Array.IndexOf(_isDecided, false) < 0 ? [] : [.. Enumerable.Range(0, _isDecided.Length).Where(i => !_isDecided[i])]);
}
