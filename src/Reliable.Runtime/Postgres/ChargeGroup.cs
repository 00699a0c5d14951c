using Npgsql;
using NpgsqlTypes;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>The charges of a batch that go to one table, as the parameters of its statements.</summary>
internal sealed class ChargeGroup(CounterStatements statements)
{
    private readonly KeyBuffer _users = statements.Key.CreateBuffer();
    private readonly List<Guid> _ids = [];
    private readonly List<string> _counters = [];
    private readonly List<int> _amounts = [];
    private readonly List<int> _positions = [];
    private bool _mixedAmounts;

    public CounterStatements Statements { get; } = statements;

    /// <summary>The positions in the whole batch of the charges of this group.</summary>
    public IReadOnlyList<int> Positions => _positions;

    /// <summary>Takes a charge, unless its user id can belong to nobody.</summary>
    public void Add(in Charge charge, int position)
    {
        if (!_users.TryAdd(charge.UserId))
            return;
        _mixedAmounts |= _amounts.Count > 0 && _amounts[0] != charge.Amount;
        _ids.Add(charge.TransactionId);
        _counters.Add(charge.Counter);
        _amounts.Add(charge.Amount);
        _positions.Add(position);
    }

    /// <summary>The statement that locks the users of this group and of others in the same table.</summary>
    public static NpgsqlBatchCommand CreateLock(IReadOnlyList<ChargeGroup> sameTable)
    {
        ChargeGroup first = sameTable[0];
        var command = new NpgsqlBatchCommand(first.Statements.LockTarget);
        if (sameTable.Count == 1)
        {
            command.Parameters.Add(first._users.ToArrayParameter());
        }
        else
        {
            KeyBuffer all = first.Statements.Key.CreateBuffer();
            foreach (ChargeGroup group in sameTable)
                group._users.CopyTo(all);
            command.Parameters.Add(all.ToArrayParameter());
        }

        if (first.Statements.Counter is null)
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. first._counters] });
        return command;
    }

    public NpgsqlBatchCommand CreateApply(UsageTerms terms)
    {
        NpgsqlBatchCommand command = Create(_mixedAmounts && terms.EnforceLimit ? Statements.ApplyMixed : Statements.Apply, terms);
        command.Parameters.Add(new NpgsqlParameter { Value = terms.Day is { } day ? day : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Date });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = terms.EnforceLimit });
        return command;
    }

    public NpgsqlBatchCommand CreateHeld(UsageTerms terms) => Create(Statements.Held, terms);

    public NpgsqlBatchCommand CreateRefund(UsageTerms terms) => Create(Statements.Refund, terms);

    private NpgsqlBatchCommand Create(string text, UsageTerms terms)
    {
        var command = new NpgsqlBatchCommand(text);
        PostgresParameters.AddTerms(command.Parameters, terms);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. _ids] });
        command.Parameters.Add(_users.ToArrayParameter());
        command.Parameters.Add(Statements.Counter is { } counter
            ? new NpgsqlParameter<string> { TypedValue = counter }
            : new NpgsqlParameter<string[]> { TypedValue = [.. _counters] });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. _amounts] });
        return command;
    }
}
