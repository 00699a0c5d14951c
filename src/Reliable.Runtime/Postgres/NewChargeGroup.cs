using Npgsql;
using Reliable.Usage;

namespace Reliable.Postgres;

/// <summary>The charges of a batch that go to one table, gathered by user: one addition to each counter, and the ids behind it.</summary>
internal sealed class NewChargeGroup(CounterStatements statements)
{
    private readonly Dictionary<(string User, string Counter), int> _indexes = [];
    private readonly KeyBuffer _users = statements.Key.CreateBuffer();
    private readonly List<string> _counters = [];
    private readonly List<long> _sums = [];
    private readonly List<int> _sizes = [];
    private readonly List<(Charge Charge, int Position, int Counter)> _charges = [];
    private int[] _positions = [];
    private int[] _starts = [];

    /// <summary>Whether there is nothing to send.</summary>
    public bool IsEmpty => _charges.Count == 0;

    /// <summary>Takes a charge; <see langword="false"/> when its user id can belong to nobody.</summary>
    public bool TryAdd(in Charge charge, int position)
    {
        if (!_indexes.TryGetValue((charge.UserId, charge.Counter), out int index))
        {
            if (!_users.TryAdd(charge.UserId))
                return false;
            index = _sums.Count;
            _indexes.Add((charge.UserId, charge.Counter), index);
            _counters.Add(charge.Counter);
            _sums.Add(0);
            _sizes.Add(0);
        }

        _sums[index] += charge.Amount;
        _sizes[index]++;
        _charges.Add((charge, position, index));
        return true;
    }

    /// <summary>One statement for all of them.</summary>
    public NpgsqlBatchCommand CreateCommand(UsageTerms terms)
    {
        (Guid[] ids, int[] amounts, int[] ends) = Sort();
        var command = new NpgsqlBatchCommand(statements.CountNew);
        PostgresParameters.AddTerms(command.Parameters, terms);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids });
        command.Parameters.Add(_users.ToArrayParameter());
        command.Parameters.Add(statements.Counter is { } counter
            ? new NpgsqlParameter<string> { TypedValue = counter }
            : new NpgsqlParameter<string[]> { TypedValue = [.. _counters] });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = amounts });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = terms.EnforceLimit });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. _sums] });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = _starts });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = ends });
        return command;
    }

    /// <summary>Both statements with nothing to count.</summary>
    public IEnumerable<NpgsqlBatchCommand> CreateTrial(UsageTerms terms)
    {
        var one = new NpgsqlBatchCommand(statements.CountOne);
        new SingleChargeParameters(one.Parameters, _users.ToFirstParameter()).Set(terms);
        return [CreateCommand(terms), one];
    }

    /// <summary>Reads what the command returned: a row for each counter that took all its charges.</summary>
    /// <param name="reader">At this group's results.</param>
    /// <param name="results">Where the results of the whole batch go.</param>
    /// <param name="isDecided">Which of them have one.</param>
    public async Task ReadAsync(NpgsqlDataReader reader, ChargeResult[] results, bool[] isDecided)
    {
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            int start = reader.GetInt32(0) - 1;
            int end = reader.GetInt32(1);
            var result = new ChargeResult(ChargeOutcome.Counted, reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetInt64(3));
            foreach (int position in _positions.AsSpan(start, end - start))
            {
                results[position] = result;
                isDecided[position] = true;
            }
        }
    }

    // Charges of one counter side by side, so that a counter's ids are a slice of the array. Starts and ends are those of SQL: from 1, both included.
    private (Guid[] Ids, int[] Amounts, int[] Ends) Sort()
    {
        _starts = new int[_sizes.Count];
        int[] ends = new int[_sizes.Count];
        for (int i = 0, sum = 0; i < _sizes.Count; i++)
        {
            _starts[i] = sum + 1;
            ends[i] = sum;
            sum += _sizes[i];
        }

        var ids = new Guid[_charges.Count];
        int[] amounts = new int[_charges.Count];
        _positions = new int[_charges.Count];
        foreach ((Charge charge, int position, int counter) in _charges)
        {
            int place = ends[counter]++;
            ids[place] = charge.TransactionId;
            amounts[place] = charge.Amount;
            _positions[place] = position;
        }

        return (ids, amounts, ends);
    }
}
