using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reliable.Hosting;

namespace Reliable;

/// <summary>Adds Reliable to the health checks of an application.</summary>
public static class ReliableHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check that is degraded while a rule of <see cref="HealthOptions"/> holds, and unhealthy while the score is too low or new calls are refused. What was
    /// measured is in its data; the rules that hold are in its description.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">
    /// The worst state it may report, unhealthy when <see langword="null"/>. <see cref="HealthStatus.Degraded"/> keeps a load balancer from taking every instance out
    /// because the model they all call fails.
    /// </param>
    /// <param name="tags">Tags by which checks are chosen.</param>
    /// <exception cref="InvalidOperationException">Thrown when health is checked, and <c>AddReliable</c> was not called on the services.</exception>
    public static IHealthChecksBuilder AddReliable(
        this IHealthChecksBuilder builder, string name = "reliable", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(name, services => new ReliableHealthCheck(RuntimeOf(services, name)), failureStatus, tags));
    }

    private static ReliableRuntime RuntimeOf(IServiceProvider services, string name)
        => services.GetService<ReliableRuntime>()
            ?? throw new InvalidOperationException($"The health check '{name}' has nothing to look at: call 'AddReliable' on the services of the application as well.");
}
