using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Reliable.Integration.Tests.Sample;

/// <summary>Asks the sample as a client that accepts server-sent events.</summary>
internal static class ServerEvents
{
    /// <summary>Sends the question, and returns when the headers of the reply are there.</summary>
    public static Task<HttpResponseMessage> StartAsync(HttpClient client, string userId)
        => StartUntilAsync(client, userId, TestContext.Current.CancellationToken);

    /// <summary>The same, for a client that may leave before.</summary>
    public static async Task<HttpResponseMessage> StartUntilAsync(HttpClient client, string userId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/chat") { Content = JsonContent.Create(new { userId, message = "Where is my order?" }) };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>The events of a reply, as they arrive.</summary>
    public static async IAsyncEnumerable<(string Name, JsonElement Data)> ReadAsync(HttpResponseMessage response)
    {
        using Stream body = await response.Content.ReadAsStreamAsync();
        await foreach (SseItem<string> item in SseParser.Create(body).EnumerateAsync())
            yield return (item.EventType, JsonSerializer.Deserialize<JsonElement>(item.Data));
    }

    /// <summary>All events of a reply.</summary>
    public static async Task<List<(string Name, JsonElement Data)>> ReadAllAsync(HttpResponseMessage response)
    {
        List<(string Name, JsonElement Data)> events = [];
        await foreach ((string, JsonElement) item in ReadAsync(response))
            events.Add(item);

        return events;
    }
}
