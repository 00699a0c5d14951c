using Reliable.Usage;

namespace Reliable.Simulation;

/// <summary>
/// The database that all processes share: counters and a ledger that change together when a request is applied, and requests that wait until the simulation
/// decides what becomes of them. It is written from the contract, and shares no code with the library's stores.
/// </summary>
internal sealed class SimulatedDatabase(DatabaseFlaw flaw, DateTimeOffset start)
{
    private readonly Dictionary<string, Account> _accounts = [];
    private int _acknowledged;

    public DateTimeOffset Now { get; set; } = start;

    public DateOnly Today => DateOnly.FromDateTime(Now.UtcDateTime);

    public Dictionary<Guid, LedgerEntry> Ledger { get; } = [];

    public IReadOnlyDictionary<string, Account> Accounts => _accounts;

    /// <summary>Requests that were sent and neither answered nor lost. One whose sender has given up may still arrive.</summary>
    public List<Packet> UnderWay { get; } = [];

    /// <summary>Users whose row somebody else holds.</summary>
    public HashSet<string> Locked { get; } = [];

    /// <summary>Users whose charges the database refuses for ever, until somebody repairs the cause.</summary>
    public HashSet<string> Poisoned { get; } = [];

    /// <summary>Users who are gone.</summary>
    public HashSet<string> Deleted { get; } = [];

    /// <summary>Counters that were above their limit.</summary>
    public Dictionary<string, string> Overshoots { get; } = [];

    /// <summary>
    /// Users of whom charges were counted, or are to come, that no living process knows of: of a process that is dead, or refused for ever, so that until the next start
    /// nobody but the journal has them.
    /// </summary>
    public HashSet<string> CountedUnknown { get; } = [];

    public Account AccountOf(string userId)
    {
        if (!_accounts.TryGetValue(userId, out Account? account))
            _accounts.Add(userId, account = new Account());

        return account;
    }

    public ChargeResult[] Settle(SimulatedProcess sender, Charge[] charges, UsageTerms terms)
    {
        foreach (Charge charge in charges)
        {
            if (Locked.Contains(charge.UserId) && !terms.SkipHeld)
                throw new LockHeldException();
            if (Poisoned.Contains(charge.UserId) && !Locked.Contains(charge.UserId))
            {
                CountedUnknown.Add(charge.UserId);
                throw new PoisonException("This row takes no charge.");
            }
        }

        if (sender.IsDead)
            CountedUnknown.UnionWith(charges.Select(static charge => charge.UserId));

        ChargeOutcome[] outcomes = [.. charges.Select(charge => Locked.Contains(charge.UserId) ? ChargeOutcome.Contended : SettleOne(charge, terms))];
        return [.. charges.Select((charge, i) =>
        {
            Account account = AccountOf(charge.UserId);
            return new ChargeResult(outcomes[i], account.UsedOn(Today), account.Limit ?? terms.DefaultLimit);
        })];
    }

    public RefundResult Refund(Charge charge)
    {
        if (!Ledger.TryGetValue(charge.TransactionId, out LedgerEntry? entry))
        {
            Ledger.Add(charge.TransactionId, new LedgerEntry(charge, Today) { IsRefunded = true });
            return RefundResult.Blocked;
        }

        if (entry.IsRefunded)
            return RefundResult.AlreadyRefunded;

        entry.IsRefunded = true;
        Account account = AccountOf(charge.UserId);
        if (account.Day == entry.Day)
            account.Used = Math.Max(0, account.Used - charge.Amount);

        return RefundResult.Refunded;
    }

    public UsageReading Read(string userId, UsageTerms terms)
    {
        Account account = AccountOf(userId);
        var midnight = new DateTimeOffset(Today.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        long used = flaw == DatabaseFlaw.ReadsNothing ? 0 : account.UsedOn(Today);
        return new UsageReading(!Deleted.Contains(userId), used, account.Limit ?? terms.DefaultLimit, Now, Today, midnight);
    }

    private ChargeOutcome SettleOne(Charge charge, UsageTerms terms)
    {
        if (Ledger.TryGetValue(charge.TransactionId, out LedgerEntry? known) && (flaw != DatabaseFlaw.IgnoresIds || known.IsRefunded))
            return known.IsRefunded ? ChargeOutcome.Refunded : ChargeOutcome.AlreadyCounted;

        if (Deleted.Contains(charge.UserId))
            return ChargeOutcome.UnknownUser;

        if (flaw == DatabaseFlaw.AcknowledgesWithoutApplying && ++_acknowledged % 5 == 0)
            return ChargeOutcome.Counted;

        Account account = AccountOf(charge.UserId);
        DateOnly day = terms.Day is { } replayed && replayed < Today ? replayed : Today;
        if (account.Day <= day)
        {
            long used = account.UsedOn(day) + charge.Amount;
            long? limit = account.Limit ?? terms.DefaultLimit;
            if (used > limit)
            {
                if (terms.EnforceLimit)
                    return ChargeOutcome.LimitReached;

                Overshoots[charge.UserId] = $"{charge.UserId} has {used} of {limit}";
            }

            (account.Day, account.Used) = (day, used);
        }

        Ledger[charge.TransactionId] = new LedgerEntry(charge, day) { Times = (known?.Times ?? 0) + 1 };
        return ChargeOutcome.Counted;
    }

    public sealed class Account
    {
        public long Used { get; set; }

        public DateOnly Day { get; set; }

        public long? Limit { get; set; }

        public long UsedOn(DateOnly day) => Day == day ? Used : 0;
    }
}
