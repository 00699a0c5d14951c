namespace Reliable.CommitLoad.Contenders;

/// <summary>One way to count a request of a user durably.</summary>
internal interface IContender : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Creates the users, and whatever connections the load will need.</summary>
    Task PrepareAsync(IReadOnlyList<string> users, int callers);

    /// <summary>Counts one request; completes when it is counted, as this contender promises it.</summary>
    ValueTask CommitAsync(string user);

    /// <summary>Waits until what was acknowledged is counted, where that is later.</summary>
    Task DrainAsync() => Task.CompletedTask;

    /// <summary>How much is counted by now: compared with what was acknowledged.</summary>
    Task<long> CountAsync();
}
