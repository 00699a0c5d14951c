using System.Globalization;

namespace Reliable.Usage;

/// <summary>What an audit read of whatever may be damaged. Compiled into each assembly that has a store.</summary>
internal sealed class LedgerFacts(DateOnly day, UsageFindingKinds kinds)
{
    private readonly string _today = day.ToString("O", CultureInfo.InvariantCulture);

    public DateOnly Day => day;

    /// <summary>How many counters were looked at.</summary>
    public long CounterCount { get; set; }

    /// <summary>How many charges were looked at.</summary>
    public long ChargeCount { get; set; }

    public List<string> Notes { get; } = [];

    /// <summary>Whether anything is there twice, looked for or not.</summary>
    public bool HasDuplicates { get; set; }

    /// <summary>Counters that are there twice.</summary>
    public List<GroupFacts> DuplicateCounters { get; } = [];

    /// <summary>Whether counters that are there twice are in a table of Reliable's own, so that a repair may delete rows.</summary>
    public bool CanDeleteCounters { get; set; } = true;

    public List<ChargeFacts> DuplicateCharges { get; } = [];

    public List<CounterFacts> Counters { get; } = [];

    /// <summary>Charges whose day is ahead.</summary>
    public List<ChargeFacts> EarlyCharges { get; } = [];

    public List<GroupFacts> Orphans { get; } = [];

    public int Count => DuplicateCounters.Count + DuplicateCharges.Count + Counters.Count + EarlyCharges.Count + Orphans.Count;

    /// <summary>The users something was found of.</summary>
    public IReadOnlyCollection<string> Users => [.. DuplicateCounters.Concat(Orphans).Select(static g => g.UserId)
        .Concat(DuplicateCharges.Concat(EarlyCharges).Select(static c => c.UserId)).Concat(Counters.Select(static c => c.UserId)).Distinct(StringComparer.Ordinal)];

    /// <summary>Drops what is more than a repair may take; <see langword="false"/> when that was something.</summary>
    public bool TrimTo(int most)
    {
        bool isComplete = Count <= most;
        Trim(Orphans);
        Trim(EarlyCharges);
        Trim(Counters);
        Trim(DuplicateCharges);
        Trim(DuplicateCounters);
        return isComplete;

        void Trim<T>(List<T> list)
        {
            int excess = Math.Clamp(Count - most, 0, list.Count);
            list.RemoveRange(list.Count - excess, excess);
        }
    }

    public UsageAuditReport ToReport(int maxFindings)
    {
        List<UsageFinding> findings = [.. Findings().Take(maxFindings + 1)];
        bool isComplete = findings.Count <= maxFindings;
        if (!isComplete)
            findings.RemoveAt(maxFindings);
        return new UsageAuditReport(Day, CounterCount, ChargeCount, findings, isComplete, Notes);
    }

    public IEnumerable<UsageChange> Changes()
    {
        foreach (GroupFacts group in CanDeleteCounters ? DuplicateCounters : [])
            yield return new(UsageFindingKinds.Duplicate, group.UserId, group.Counter, UsageFindingSubject.Row, RowsOf(group.Rows), RowsOf(1));
        foreach (ChargeFacts charge in DuplicateCharges)
        {
            yield return new(UsageFindingKinds.Duplicate, charge.UserId, charge.Counter, UsageFindingSubject.Charge, RowsOf(charge.Rows), RowsOf(1))
            { TransactionId = charge.Id };
        }

        foreach (ChargeFacts charge in EarlyCharges)
        {
            yield return new(UsageFindingKinds.WrongDay, charge.UserId, charge.Counter, UsageFindingSubject.Charge, charge.Day, _today)
            { TransactionId = charge.Id };
        }

        foreach (UsageChange change in Counters.SelectMany(c => c.ToChanges(kinds, _today)))
            yield return change;
        foreach (GroupFacts orphan in Orphans)
            yield return new(UsageFindingKinds.Orphaned, orphan.UserId, orphan.Counter, UsageFindingSubject.Charge, ChargesOf(orphan), "deleted");
    }

    private static string RowsOf(long count) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "row" : "rows")}");

    private static string ChargesOf(GroupFacts group)
        => string.Create(CultureInfo.InvariantCulture, $"{group.Rows} {(group.Rows == 1 ? "charge" : "charges")} of {group.Amount} in all");

    private IEnumerable<UsageFinding> Findings()
    {
        foreach (GroupFacts group in DuplicateCounters)
            yield return new(UsageFindingKinds.Duplicate, group.UserId, group.Counter, UsageFindingSubject.Row, RowsOf(group.Rows), RowsOf(1));
        foreach (ChargeFacts charge in DuplicateCharges)
        {
            yield return new(UsageFindingKinds.Duplicate, charge.UserId, charge.Counter, UsageFindingSubject.Charge, RowsOf(charge.Rows), RowsOf(1))
            { TransactionId = charge.Id };
        }

        foreach (ChargeFacts charge in EarlyCharges)
        {
            yield return new(UsageFindingKinds.WrongDay, charge.UserId, charge.Counter, UsageFindingSubject.Charge, charge.Day, "no later than " + _today)
            { TransactionId = charge.Id };
        }

        foreach (UsageFinding finding in Counters.SelectMany(c => c.ToFindings(kinds, _today)))
            yield return finding;
        foreach (GroupFacts orphan in Orphans)
            yield return new(UsageFindingKinds.Orphaned, orphan.UserId, orphan.Counter, UsageFindingSubject.Charge, ChargesOf(orphan), "a user who exists");
    }
}
