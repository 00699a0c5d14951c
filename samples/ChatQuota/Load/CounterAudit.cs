using ChatQuota.Api;
using Reliable;
using Reliable.Usage;

namespace ChatQuota.Load;

/// <summary>
/// Reads the counters from the database once more, through a store that has just been opened and remembers nothing, after the API has ended.
/// </summary>
internal static class CounterAudit
{
    private const string Counter = "requests";

    /// <summary>The counter of each user, in the order of the users.</summary>
    public static async Task<IReadOnlyList<long>> ReadAsync(IConfiguration configuration, IEnumerable<string> users, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddReliable(configuration).UseUsageDatabase(configuration, AppContext.BaseDirectory);
        await using ServiceProvider provider = services.BuildServiceProvider();

        IUsageStore store = provider.GetRequiredService<IUsageStore>();
        var terms = new UsageTerms(DefaultLimit: null, configuration["Reliable:Usage:ResetTimeZone"] ?? "UTC");
        await store.InitializeAsync(terms, cancellationToken);
        List<long> counters = [];
        foreach (string user in users)
        {
            UsageReading reading = await store.ReadAsync(user, Counter, terms, cancellationToken);
            counters.Add(reading.Used);
        }

        return counters;
    }
}
