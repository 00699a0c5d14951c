using System.Collections.Concurrent;

namespace Reliable.Usage;

/// <summary>
/// Counters in the memory of this process, for tests and development: the same answers as the databases, and gone with the process. Of settled charges it
/// remembers the last 16,384; an older one that came again would be counted again.
/// </summary>
public sealed class MemoryUsageStore : IUsageStore, IDisposable
{
    private readonly ConcurrentDictionary<(string UserId, string Counter), MemoryAccount> _accounts = new();
    private readonly Lock _ledgerLock = new();
    private readonly SettledCharges _ledger = new();
    private readonly DayClock _clock;

    /// <summary>Creates an empty store.</summary>
    /// <param name="time">The clock that decides which day it is; the system's when <see langword="null"/>.</param>
    public MemoryUsageStore(TimeProvider? time = null) => _clock = new DayClock(time ?? TimeProvider.System);

    /// <inheritdoc/>
    public string Name => "Memory";

    /// <inheritdoc/>
    public int MaxBatchSize => 512;

    /// <inheritdoc/>
    /// <exception cref="UsageStoreException">There is no such time zone.</exception>
    public ValueTask InitializeAsync(UsageTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return TimeZoneInfo.TryFindSystemTimeZoneById(terms.TimeZone, out _)
            ? default
            : throw new UsageStoreException(
                $"'{terms.TimeZone}' is not a time zone this machine knows; set 'Reliable:Usage:ResetTimeZone' to an IANA name such as 'Europe/Berlin'.");
    }

    /// <inheritdoc/>
    public ValueTask<UsageReading> ReadAsync(string userId, string counter, UsageTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(terms);
        (DateTimeOffset now, DateOnly today, DateTimeOffset resetsAt) = _clock.Read(terms.TimeZone);
        _accounts.TryGetValue((userId, counter), out MemoryAccount? account);
        return new(new UsageReading(true, account?.UsedOn(today) ?? 0, account?.Limit ?? terms.DefaultLimit, now, today, resetsAt));
    }

    /// <inheritdoc/>
    public ValueTask SettleAsync(
        ReadOnlyMemory<Charge> charges, Memory<ChargeResult> results, UsageTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ReadOnlySpan<Charge> batch = charges.Span;
        for (int i = 0; i < batch.Length; i++)
        {
            results.Span[i] = SettleOnce(batch[i], AccountOf(batch[i].UserId, batch[i].Counter), terms);
        }

        // Used is the counter after the whole batch.
        DateOnly today = _clock.Today(terms.TimeZone);
        for (int i = 0; i < batch.Length; i++)
        {
            results.Span[i] = results.Span[i] with { Used = AccountOf(batch[i].UserId, batch[i].Counter).UsedOn(today) };
        }

        return default;
    }

    /// <inheritdoc/>
    public ValueTask<RefundResult> RefundAsync(Charge charge, UsageTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(terms);
        lock (_ledgerLock)
        {
            if (!_ledger.TryFind(charge.TransactionId, out int number))
            {
                _ledger.Add(charge, _clock.Today(terms.TimeZone), isRefunded: true);
                return new(RefundResult.Blocked);
            }

            ref SettledCharges.Entry entry = ref _ledger[number];
            Charge counted = entry.Charge;
            if (entry.IsRefunded || counted.UserId != charge.UserId || counted.Counter != charge.Counter)
            {
                return new(RefundResult.AlreadyRefunded);
            }

            entry.IsRefunded = true;
            AccountOf(counted.UserId, counted.Counter).Subtract(entry.Day, counted.Amount);
            return new(RefundResult.Refunded);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative.</exception>
    public ValueTask SetLimitAsync(string userId, string counter, long? limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit ?? 0, nameof(limit));
        AccountOf(userId, counter).Limit = limit;
        return default;
    }

    /// <inheritdoc/>
    public StoreFailure Classify(Exception exception) => StoreFailure.Permanent;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => default;

    /// <summary>Does nothing: there is nothing to release.</summary>
    public void Dispose()
    {
    }

    internal MemoryAccount AccountOf(string userId, string counter)
        => _accounts.TryGetValue((userId, counter), out MemoryAccount? account)
            ? account
            : _accounts.GetOrAdd((userId, counter), static _ => new MemoryAccount());

    /// <summary>One counter of a day and what the ledger has for it, at one moment; they are equal where every charge went through the ledger.</summary>
    internal (long Used, long Ledger) Audit(string userId, string counter, DateOnly day)
    {
        lock (_ledgerLock)
        {
            return (AccountOf(userId, counter).UsedOn(day), _ledger.Sum(userId, counter, day));
        }
    }

    /// <summary>
    /// Counts a charge that comes once because its transaction is committed once and no reply can be lost on the way here. The ledger does not learn of it, so it
    /// cannot be refunded.
    /// </summary>
    internal static ChargeResult Settle(MemoryAccount account, int amount, UsageTerms terms, DateOnly today)
    {
        long? limit = account.Limit ?? terms.DefaultLimit;
        bool isCounted = account.TryAdd(today, today, amount, limit, out long used, out _);
        return new ChargeResult(isCounted ? ChargeOutcome.Counted : ChargeOutcome.LimitReached, used, limit);
    }

    /// <summary>Today, at most half a second old.</summary>
    internal DateOnly Today(UsageTerms terms) => _clock.Today(terms.TimeZone);

    /// <summary>Counts a charge once, however often it comes.</summary>
    internal ChargeResult SettleOnce(in Charge charge, MemoryAccount account, UsageTerms terms)
    {
        DateOnly today = _clock.Today(terms.TimeZone);
        long? limit = account.Limit ?? terms.DefaultLimit;
        lock (_ledgerLock)
        {
            if (_ledger.TryFind(charge.TransactionId, out int number))
            {
                ChargeOutcome known = _ledger[number].IsRefunded ? ChargeOutcome.Refunded : ChargeOutcome.AlreadyCounted;
                return new ChargeResult(known, account.UsedOn(today), limit);
            }

            DateOnly day = terms.Day is { } replayed && replayed < today ? replayed : today;
            if (terms.Day is not null && account.HasPassed(day, today))
            {
                // The counter has left that day behind: the ledger alone knows the charge.
                _ledger.Add(charge, day, isRefunded: false);
                return new ChargeResult(ChargeOutcome.Counted, account.UsedOn(today), limit);
            }

            if (!account.TryAdd(day, today, charge.Amount, terms.EnforceLimit ? limit : null, out long used, out DateOnly countedOn))
            {
                return new ChargeResult(ChargeOutcome.LimitReached, used, limit);
            }

            _ledger.Add(charge, countedOn, isRefunded: false);
            return new ChargeResult(ChargeOutcome.Counted, account.UsedOn(today), limit);
        }
    }
}
