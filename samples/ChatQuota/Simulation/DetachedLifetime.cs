using Microsoft.Extensions.Hosting;

namespace ChatQuota.Simulation;

/// <summary>A host that starts and stops with its owner, and leaves Ctrl+C to it.</summary>
internal sealed class DetachedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
