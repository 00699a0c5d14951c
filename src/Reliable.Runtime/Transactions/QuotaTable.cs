using System.Collections.Concurrent;

namespace Reliable.Transactions;

/// <summary>The quotas of one counter, by user. Entries nobody used for a while are forgotten; the store knows them.</summary>
internal sealed class QuotaTable(string counter)
{
    private readonly ConcurrentDictionary<string, Quota> _quotas = new();

    public string Counter { get; } = counter;

    public int Count => _quotas.Count;

    public Quota Get(string userId)
        => _quotas.TryGetValue(userId, out Quota? quota) ? quota : _quotas.GetOrAdd(userId, static (id, name) => new Quota(id, name), Counter);

    /// <summary>Replaces an entry that was retired while somebody held it.</summary>
    public Quota Renew(Quota retired)
    {
        _quotas.TryRemove(KeyValuePair.Create(retired.UserId, retired));
        return Get(retired.UserId);
    }

    /// <summary>Forgets entries that were last fresh before the given time.</summary>
    public int Forget(long staleSinceMs)
    {
        int forgotten = 0;
        foreach (KeyValuePair<string, Quota> entry in _quotas)
        {
            if (entry.Value.TryRetire(staleSinceMs))
            {
                _quotas.TryRemove(entry);
                forgotten++;
            }
        }

        return forgotten;
    }
}
