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
    public ValueTask InitializeAsync(UsageTerms terms, CancellationToken cancellationToken) => default;

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
                _ledger.Add(charge.TransactionId, _clock.Today(terms.TimeZone), isRefunded: true);
                return new(RefundResult.Blocked);
            }

            ref SettledCharges.Entry entry = ref _ledger[number];
            if (entry.IsRefunded)
            {
                return new(RefundResult.AlreadyRefunded);
            }

            entry.IsRefunded = true;
            AccountOf(charge.UserId, charge.Counter).Subtract(entry.Day, charge.Amount);
            return new(RefundResult.Refunded);
        }
    }

    /// <inheritdoc/>
    public ValueTask SetLimitAsync(string userId, string counter, long? limit, CancellationToken cancellationToken)
    {
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

    /// <summary>
    /// Counts a charge that comes once because its transaction is committed once and no reply can be lost on the way here. The ledger does not learn of it, so it
    /// cannot be refunded.
    /// </summary>
    internal ChargeResult Settle(MemoryAccount account, int amount, UsageTerms terms)
    {
        long? limit = account.Limit ?? terms.DefaultLimit;
        bool isCounted = account.TryAdd(_clock.Today(terms.TimeZone), amount, limit, out long used);
        return new ChargeResult(isCounted ? ChargeOutcome.Counted : ChargeOutcome.LimitReached, used, limit);
    }

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
            long used = 0;

            // A charge of a day that the counter has left behind goes to the ledger only.
            bool isLate = day < account.Day;
            if (!isLate && !account.TryAdd(day, charge.Amount, terms.EnforceLimit ? limit : null, out used))
            {
                return new ChargeResult(ChargeOutcome.LimitReached, used, limit);
            }

            _ledger.Add(charge.TransactionId, day, isRefunded: false);
            return new ChargeResult(ChargeOutcome.Counted, account.UsedOn(today), limit);
        }
    }
}
