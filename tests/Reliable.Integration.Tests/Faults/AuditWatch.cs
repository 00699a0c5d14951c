using Npgsql;

namespace Reliable.Faults;

/// <summary>Looks at the counters from outside while they are in use. A look that the server refuses is no look.</summary>
internal sealed class AuditWatch(FaultTables tables, long? limit)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(300);

    private readonly List<string> _findings = [];

    public int Looks { get; private set; }

    public IReadOnlyList<string> Findings => _findings;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                _findings.AddRange(await tables.AuditAsync(limit));
                Looks++;
            }
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
            {
            }

            await Task.Delay(s_pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
