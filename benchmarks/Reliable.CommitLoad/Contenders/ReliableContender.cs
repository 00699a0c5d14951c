using Reliable.Usage;

namespace Reliable.CommitLoad.Contenders;

/// <summary>The library as an application without a host uses it: one transaction for each request.</summary>
internal abstract class ReliableContender(CommitMode mode) : IContender
{
    private readonly string _journal = Directory.CreateTempSubdirectory("reliable-load-").FullName;
    private ReliableRuntime? _runtime;

    public abstract string Name { get; }

    protected CommitMode Mode => mode;

    public async Task PrepareAsync(IReadOnlyList<string> users, int callers)
    {
        IUsageStore store = await CreateStoreAsync(users);
        _runtime = ReliableRuntime.Create(
            options =>
            {
                options.Rollout.Mode = RolloutMode.On;
                options.Usage.Commit = mode;
                options.Usage.JournalPath = _journal;
            },
            store);
        foreach (string user in users)
            await _runtime.Usage.GetUsageAsync(user);
    }

    public async ValueTask CommitAsync(string user)
    {
        while (true)
        {
            try
            {
                await using UsageTransaction transaction = await _runtime!.Usage.BeginAsync(user);
                await transaction.CommitAsync();
                return;
            }
            catch (UsageUnavailableException)
            {
                // As many charges wait as may: answers that leave first are held back in the end by what the database takes.
                await Task.Delay(1);
            }
        }
    }

    public abstract Task<long> CountAsync();

    public async ValueTask DisposeAsync()
    {
        if (_runtime is not null)
            await _runtime.DisposeAsync();
        Directory.Delete(_journal, recursive: true);
    }

    /// <summary>Waits until what was deferred is in the database.</summary>
    public async Task DrainAsync()
    {
        while (_runtime!.Statistics.PendingCharges > 0)
            await Task.Delay(1);
    }

    protected abstract Task<IUsageStore> CreateStoreAsync(IReadOnlyList<string> users);
}
