using System.Collections.Concurrent;

namespace Reliable.Faults;

/// <summary>
/// Remembers what callers were told about each charge, and compares that with counters and ledger. The only judge of every fault test, and of the
/// controls that are meant to fail it.
/// </summary>
internal sealed class ExactlyOnceOracle
{
    private const int MostDetails = 5;

    private readonly ConcurrentDictionary<Guid, (string User, int Amount, ToldOutcome Outcome)> _told = new();
    private long _denied;

    /// <summary>How many charges callers were told are counted.</summary>
    public long Counted => _told.Values.Count(static t => t.Outcome == ToldOutcome.Counted);

    /// <summary>How many calls were refused before there was a charge.</summary>
    public long Denied => Volatile.Read(ref _denied);

    /// <summary>The last word of a caller about a charge.</summary>
    public void Tell(Guid id, string user, ToldOutcome outcome, int amount = 1) => _told[id] = (user, amount, outcome);

    /// <inheritdoc cref="Tell(Guid, string, ToldOutcome, int)"/>
    public void Tell(string transactionId, string user, ToldOutcome outcome, int amount = 1)
        => Tell(Guid.ParseExact(transactionId["txn-".Length..], "N"), user, outcome, amount);

    /// <summary>A call was refused because of its limit, and has no id.</summary>
    public void TellDenied() => Interlocked.Increment(ref _denied);

    /// <summary>Whatever was told of a user's charges is right: the user is gone, and has no counter that could be wrong.</summary>
    public void Forget(string user)
    {
        foreach ((Guid id, (string User, int Amount, ToldOutcome Outcome) told) in _told)
        {
            if (told.User == user)
                _told[id] = told with { Outcome = ToldOutcome.Untold };
        }
    }

    /// <summary>Compares.</summary>
    /// <param name="state">What is in the store.</param>
    /// <param name="limit">Every user's limit; <see langword="null"/> when there is none.</param>
    public OracleReport Judge(StoreState state, long? limit = null)
    {
        var findings = new Findings();
        if (state.Ledger is null)
            JudgeTotals(state, findings);
        else
            JudgeCharges(state, state.Ledger, findings);
        foreach ((string user, long used) in state.Counters)
        {
            if (used > limit)
                findings.Overshot(used - limit.Value, $"'{user}' has {used} of {limit}");
        }

        return findings.ToReport();
    }

    private void JudgeCharges(StoreState state, IReadOnlyDictionary<Guid, LedgerRow> ledger, Findings findings)
    {
        foreach ((Guid id, (string user, int amount, ToldOutcome outcome)) in _told)
        {
            bool isCounted = ledger.TryGetValue(id, out LedgerRow row) && row.IsCounted;
            if (outcome == ToldOutcome.Counted && !isCounted)
                findings.Lost(1, $"charge {id:N} of '{user}' was told to be counted");
            else if (outcome == ToldOutcome.NotCounted && isCounted)
                findings.Wrong(1, $"charge {id:N} of '{user}' was told not to be counted");
            else if (isCounted && (row.User != user || row.Amount != amount))
                findings.Wrong(1, $"charge {id:N} is {amount} of '{user}' and was counted as {row.Amount} of '{row.User}'");
        }

        foreach ((Guid id, LedgerRow row) in ledger)
        {
            if (row.IsCounted && !_told.ContainsKey(id))
                findings.Wrong(1, $"charge {id:N} of '{row.User}' was never made");
        }

        Dictionary<string, long> sums = ledger.Values.Where(static r => r.IsCounted && r.IsOfCountersDay)
            .GroupBy(static r => r.User).ToDictionary(static g => g.Key, static g => g.Sum(static r => (long)r.Amount));
        foreach ((string user, long used) in state.Counters)
            findings.Compare(user, used, sums.GetValueOrDefault(user), sums.GetValueOrDefault(user));
    }

    private void JudgeTotals(StoreState state, Findings findings)
    {
        foreach (IGrouping<string, (string User, int Amount, ToldOutcome Outcome)> told in _told.Values.GroupBy(static t => t.User))
        {
            long least = told.Where(static t => t.Outcome == ToldOutcome.Counted).Sum(static t => (long)t.Amount);
            long most = least + told.Where(static t => t.Outcome == ToldOutcome.Untold).Sum(static t => (long)t.Amount);
            findings.Compare(told.Key, state.Counters.GetValueOrDefault(told.Key), least, most);
        }
    }

    private sealed class Findings
    {
        private readonly List<string> _details = [];
        private long _lost;
        private long _doubled;
        private long _overshot;
        private long _wrong;

        public void Lost(long amount, string detail) => Add(ref _lost, amount, detail);

        public void Overshot(long amount, string detail) => Add(ref _overshot, amount, detail);

        public void Wrong(long amount, string detail) => Add(ref _wrong, amount, detail);

        public void Compare(string user, long used, long least, long most)
        {
            if (used < least)
                Add(ref _lost, least - used, $"the counter of '{user}' is {used} and should be {least}");
            else if (used > most)
                Add(ref _doubled, used - most, $"the counter of '{user}' is {used} and should be {most}");
        }

        public OracleReport ToReport() => new(_lost, _doubled, _overshot, _wrong, _details);

        private void Add(ref long sum, long amount, string detail)
        {
            sum += amount;
            if (_details.Count < MostDetails)
                _details.Add(detail);
        }
    }
}
