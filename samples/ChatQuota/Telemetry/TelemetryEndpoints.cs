using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reliable;

namespace ChatQuota.Telemetry;

/// <summary><c>/metrics</c> for Prometheus, <c>/health</c> for whoever watches, and the numbers of the live page.</summary>
internal static class TelemetryEndpoints
{
    public static void MapTelemetry(this WebApplication app)
    {
        app.MapGet("/metrics", static (MetricStore store) => Results.Text(PrometheusText.Write(store.Collect()), PrometheusText.ContentType));
        app.MapGet("/reliable/numbers", static (ReliableRuntime reliable, MetricStore store, HttpResponse http) =>
        {
            http.Headers.CacheControl = "no-store";
            return LiveNumbers.Of(reliable, store);
        });
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = WriteAsync });
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        status = report.Status.ToString(),
        checks = report.Entries.Select(static entry => new
        {
            name = entry.Key,
            status = entry.Value.Status.ToString(),
            description = entry.Value.Description,
            data = entry.Value.Data,
        }),
    });
}
