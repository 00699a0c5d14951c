using System.Net.Mime;
using System.Text.Json;

namespace ChatQuota.Api;

/// <summary>A reply of server-sent events. Its headers leave with the first of them.</summary>
internal sealed class EventStream(HttpResponse response)
{
    public bool HasBegun { get; private set; }

    public HttpContext Http => response.HttpContext;

    public async Task SendAsync<T>(string name, T data, CancellationToken cancellationToken)
    {
        if (!HasBegun)
        {
            HasBegun = true;
            response.ContentType = MediaTypeNames.Text.EventStream;
            response.Headers.CacheControl = "no-cache,no-store";

            // A proxy that collects an answer before it passes it on takes away what streaming is for.
            response.Headers["X-Accel-Buffering"] = "no";
        }

        await response.WriteAsync($"event: {name}\ndata: {JsonSerializer.Serialize(data, JsonSerializerOptions.Web)}\n\n", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
