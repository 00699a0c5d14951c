using System.Collections.Concurrent;

namespace Reliable.Transactions;

/// <summary>The quotas of one counter, by user. Entries nobody used for a while are forgotten; the store knows them.</summary>
internal sealed class QuotaTable(string counter)
{
    private readonly ConcurrentDictionary<string, Quota> _quotas = new();
    private IEnumerator<KeyValuePair<string, Quota>>? _forgetting;

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

    /// <summary>Goes on with forgetting entries that were last fresh before the given time. One caller at a time.</summary>
    /// <param name="staleSinceMs">The time.</param>
    /// <param name="most">How many entries to look at.</param>
    /// <returns>Whether that was the last of them; the next call begins anew.</returns>
    public bool Forget(long staleSinceMs, int most)
    {
        // The dictionary's enumerator takes no lock, and stays valid while others add and remove.
        _forgetting ??= _quotas.GetEnumerator();
        for (int i = 0; i < most; i++)
        {
            if (!_forgetting.MoveNext())
            {
                _forgetting = null;
                return true;
            }

            KeyValuePair<string, Quota> entry = _forgetting.Current;
            if (entry.Value.TryRetire(staleSinceMs))
            {
                _quotas.TryRemove(entry);
            }
        }

        return false;
    }
}
