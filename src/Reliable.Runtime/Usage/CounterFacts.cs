using System.Globalization;

namespace Reliable.Usage;

/// <summary>
/// One counter as an audit read it, and what follows from that. The rules are here, once for every store; a store's query only narrows the rows down. Compiled
/// into each assembly that has a store.
/// </summary>
/// <param name="UserId">The user.</param>
/// <param name="Counter">The counter.</param>
/// <param name="RawUsed">The counter as text, <see langword="null"/> where the column is.</param>
/// <param name="Used">The counter as a number; <see langword="null"/> where it is none or below zero.</param>
/// <param name="RawLimit">The user's own limit as text, <see langword="null"/> where there is none.</param>
/// <param name="IsLimitReadable">Whether that is a number, 0 or more.</param>
/// <param name="Limit">The limit that applies; <see langword="null"/> when unlimited.</param>
/// <param name="RawDay">The day of the counter as text, <see langword="null"/> where the column is.</param>
/// <param name="DayOrder">-1 when that is before today, 0 today, 1 ahead; <see langword="null"/> when the table has no day.</param>
/// <param name="Ledger">What the ledger has for today and whatever it takes to be later.</param>
internal sealed record CounterFacts(
    string UserId, string Counter, string? RawUsed, long? Used, string? RawLimit, bool IsLimitReadable, long? Limit, string? RawDay, int? DayOrder, long Ledger)
{
    /// <summary>What the counter should be. Without a day nobody knows; what cannot be read counts as 0.</summary>
    public long Target => DayOrder is null ? 0 : Ledger;

    /// <summary>Whether a repair sets the day too: it is ahead, or the ledger has charges of a day the counter has not come to.</summary>
    public bool SetsDay => DayOrder > 0 || (DayOrder < 0 && Ledger > 0);

    private bool IsBroken => RawUsed is not null && Used is null;

    // What an earlier day left behind is 0 today.
    private long UsedToday => DayOrder < 0 ? 0 : Used ?? 0;

    private bool Differs => DayOrder <= 0 && !IsBroken && UsedToday != Ledger;

    private bool IsAboveLimit => DayOrder is null or >= 0 && Used > Limit;

    public IEnumerable<UsageFinding> ToFindings(UsageFindingKinds kinds, string today)
    {
        if (IsBroken && kinds.HasFlag(KindOf(RawUsed!)))
            yield return Find(KindOf(RawUsed!), UsageFindingSubject.Used, RawUsed!, Text(Target));
        if (RawLimit is not null && !IsLimitReadable && kinds.HasFlag(KindOf(RawLimit)))
            yield return Find(KindOf(RawLimit), UsageFindingSubject.Limit, RawLimit, "a whole number, 0 or more");
        if (DayOrder > 0 && kinds.HasFlag(UsageFindingKinds.WrongDay))
            yield return Find(UsageFindingKinds.WrongDay, UsageFindingSubject.Day, RawDay ?? "", today);
        if (Differs && kinds.HasFlag(UsageFindingKinds.CounterDiffers))
            yield return Find(UsageFindingKinds.CounterDiffers, UsageFindingSubject.Used, Text(UsedToday), Text(Ledger));
        if (IsAboveLimit && kinds.HasFlag(UsageFindingKinds.AboveLimit))
            yield return Find(UsageFindingKinds.AboveLimit, UsageFindingSubject.Used, Text(Used!.Value), "at most " + Text(Limit!.Value));
    }

    /// <summary>What a repair of some kinds changes; nothing when none of them is the matter.</summary>
    public IEnumerable<UsageChange> ToChanges(UsageFindingKinds kinds, string today)
    {
        UsageFindingKinds kind = DayOrder > 0 ? UsageFindingKinds.WrongDay
            : IsBroken ? KindOf(RawUsed!)
            : Differs ? UsageFindingKinds.CounterDiffers
            : UsageFindingKinds.None;
        if (!kinds.HasFlag(kind) && IsBroken && kinds.HasFlag(KindOf(RawUsed!)))
            kind = KindOf(RawUsed!);
        if (kind == UsageFindingKinds.None || !kinds.HasFlag(kind))
            yield break;
        if (Used != Target)
            yield return Change(kind, UsageFindingSubject.Used, Used is { } used ? Text(used) : RawUsed ?? "", Text(Target));
        if (SetsDay)
            yield return Change(kind, UsageFindingSubject.Day, RawDay ?? "", today);
    }

    private static UsageFindingKinds KindOf(string raw)
        => raw.AsSpan().Trim() is ['-', >= '0' and <= '9', ..] ? UsageFindingKinds.Negative : UsageFindingKinds.Unreadable;

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private UsageFinding Find(UsageFindingKinds kind, UsageFindingSubject subject, string found, string expected)
        => new(kind, UserId, Counter, subject, found, expected);

    private UsageChange Change(UsageFindingKinds kind, UsageFindingSubject subject, string from, string to) => new(kind, UserId, Counter, subject, from, to);
}
