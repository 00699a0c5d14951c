using Reliable.Usage;

namespace Reliable.Stores;

/// <summary>What the shared suite needs of one kind of store. Every harness has counters of its own, which all stores it opens share.</summary>
public abstract class UsageStoreHarness : IAsyncDisposable
{
    /// <summary>Whether a user exists as soon as somebody charges him; otherwise only <see cref="AddUserAsync"/> creates one.</summary>
    public virtual bool CreatesUsers => true;

    /// <summary>Whether a new day resets counters.</summary>
    public virtual bool ResetsDaily => true;

    /// <summary>Whether users can have limits of their own.</summary>
    public virtual bool HasOwnLimits => true;

    /// <summary>Whether <see cref="IUsageStore.SetLimitAsync"/> is supported.</summary>
    public virtual bool SetsLimits => true;

    /// <summary>Whether the state of a counter can be set from outside, with <see cref="SetCounterAsync"/>.</summary>
    public virtual bool CanSetCounters => true;

    /// <summary>Whether a user id can be any text.</summary>
    public virtual bool TakesAnyText => true;

    /// <summary>Whether the store keeps a ledger that can be audited.</summary>
    public virtual bool HasLedger => true;

    /// <summary>Opens and initializes another store on the same counters. The harness disposes it.</summary>
    public abstract Task<IUsageStore> OpenAsync(UsageTerms? terms = null);

    /// <summary>A user id that nobody has yet, in a form the store takes.</summary>
    public virtual string NewUserId() => $"user-{Guid.NewGuid():N}";

    /// <summary>Creates a user with counter 0, as if counted never or long ago.</summary>
    public abstract Task AddUserAsync(string userId, long? limit);

    /// <summary>Sets a counter as somebody else would: how much, and on which day.</summary>
    public abstract Task SetCounterAsync(string userId, long used, DateOnly day);

    /// <summary>Puts a counted charge into the ledger behind the counter's back.</summary>
    public abstract Task AddChargeAsync(Charge charge, DateOnly day);

    /// <summary>Deletes a user, and leaves his charges in the ledger.</summary>
    public abstract Task DeleteUserAsync(string userId);

    /// <summary>
    /// The audit: those of the users whose counter of today is not the sum of what the ledger says is counted today. Only meaningful where the whole day
    /// went through stores.
    /// </summary>
    public abstract Task<IReadOnlyList<string>> AuditAsync(IReadOnlyCollection<string> users);

    /// <summary>How much the ledger says is counted for a user on a day.</summary>
    public abstract Task<long> SumLedgerAsync(string userId, DateOnly day);

    public abstract ValueTask DisposeAsync();
}
