using Reliable.Sqlite;

namespace Reliable.CommitLoad.Contenders;

/// <summary>The library with the embedded store: a file with a write-ahead log, forced to the disk on every commit.</summary>
internal sealed class ReliableSqlite(string directory) : ReliableContender(CommitMode.Awaited)
{
    private SqliteUsageStore? _store;
    private IReadOnlyList<string> _users = [];

    public override string Name => "Reliable, SQLite, Awaited";

    protected override Task<Usage.IUsageStore> CreateStoreAsync(IReadOnlyList<string> users)
    {
        _users = users;
        _store = new SqliteUsageStore(Path.Combine(directory, $"{Guid.NewGuid():N}.db"));
        return Task.FromResult<Usage.IUsageStore>(_store);
    }

    public override async Task<long> CountAsync()
    {
        long sum = 0;
        foreach (string user in _users)
            sum += (await _store!.ReadAsync(user, "requests", Usage.UsageTerms.Default, CancellationToken.None)).Used;
        return sum;
    }
}
